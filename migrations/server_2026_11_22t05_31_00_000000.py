"""The limit of registration that held when a matter came, frozen with it; whatever is settled late says why (R2)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "frozen limits of registration"

SQL = r"""
-- Every limit that an office has set, with the time from which it holds; before the first, a day.
CREATE TABLE intake_limits (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  hours integer NOT NULL CHECK (hours BETWEEN 1 AND 720),
  set_by uuid REFERENCES people (id),
  set_at timestamptz NOT NULL
);
CREATE INDEX intake_limits_org ON intake_limits (org_id, set_at DESC, id DESC);
-- Only what differs from the default was ever set; the journal knows when, else it has always been so.
INSERT INTO intake_limits (id, org_id, hours, set_by, set_at)
  SELECT gen_random_uuid(), o.id, o.register_within_hours, NULL, coalesce(
    (SELECT max(j.at) FROM journal_entries j WHERE j.org_id = o.id AND j.kind = 'intake.limit_set'), o.created_at)
  FROM organisations o WHERE o.register_within_hours <> 24;
CREATE TRIGGER intake_limits_append_only BEFORE UPDATE OR DELETE ON intake_limits
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER intake_limits_never_emptied BEFORE TRUNCATE ON intake_limits
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();

CREATE FUNCTION zhicha_register_by(org uuid, received timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT received + make_interval(hours => coalesce(
    (SELECT l.hours FROM intake_limits l WHERE l.org_id = org AND l.set_at <= received
     ORDER BY l.set_at DESC, l.id DESC LIMIT 1), 24))
$$;

-- A subject without what is typed differently each time: blanks, punctuation, brackets, case.
CREATE FUNCTION zhicha_same_words(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(regexp_replace(words,
    '[[:space:][:punct:]\u2010-\u201f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]', '', 'g'))
$$;

ALTER TABLE intake_matters ADD COLUMN register_by timestamptz, ADD COLUMN late_reason text NOT NULL DEFAULT '';
ALTER TABLE intake_matters DISABLE TRIGGER USER;
UPDATE intake_matters m SET register_by = zhicha_register_by(m.org_id, m.received_at),
  late_reason = coalesce((SELECT i.late_reason FROM items i WHERE i.id = m.item_id), '');
ALTER TABLE intake_matters ENABLE TRIGGER USER;
ALTER TABLE intake_matters ALTER COLUMN register_by SET NOT NULL;
-- NOT VALID: what was returned late before nobody had to explain.
ALTER TABLE intake_matters ADD CONSTRAINT intake_matters_late_explained
  CHECK (settled_at IS NULL OR settled_at <= register_by OR late_reason <> '') NOT VALID;

CREATE FUNCTION zhicha_freeze_register_by() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.register_by := zhicha_register_by(NEW.org_id, NEW.received_at);
  RETURN NEW;
END $$;
CREATE TRIGGER intake_matters_register_by BEFORE INSERT ON intake_matters
  FOR EACH ROW EXECUTE FUNCTION zhicha_freeze_register_by();
CREATE TRIGGER intake_matters_register_by_fixed BEFORE UPDATE OF register_by ON intake_matters
  FOR EACH ROW WHEN (NEW.register_by IS DISTINCT FROM OLD.register_by) EXECUTE FUNCTION zhicha_refuse_change();

-- By number and by words, for who registers beside the tray; and what was settled late without becoming an item.
CREATE INDEX intake_matters_ref ON intake_matters (org_id, source_ref) WHERE state <> 'REGISTERED' AND source_ref <> '';
CREATE INDEX intake_matters_words ON intake_matters (org_id, zhicha_same_words(subject)) WHERE state <> 'REGISTERED';
CREATE INDEX intake_matters_late ON intake_matters (org_id, settled_at DESC, id DESC)
  WHERE late_reason <> '' AND item_id IS NULL;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
