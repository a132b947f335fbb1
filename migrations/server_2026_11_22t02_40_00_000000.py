"""The yearly programme of supervision: its versions, their entries, and items put under an entry (R106)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "yearly programmes"

SQL = """
CREATE TABLE programmes (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  kind text NOT NULL CHECK (kind IN ('YEAR', 'STAGE')),
  title text NOT NULL CHECK (title <> ''),
  from_on date NOT NULL,
  to_on date NOT NULL,
  created_by uuid NOT NULL REFERENCES people (id),
  created_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CHECK (from_on <= to_on)
);
CREATE INDEX programmes_org ON programmes (org_id, from_on DESC, id DESC);
CREATE TRIGGER programmes_fixed BEFORE UPDATE ON programmes FOR EACH ROW WHEN (
  (NEW.id, NEW.org_id, NEW.kind, NEW.from_on, NEW.to_on, NEW.created_by, NEW.created_at) IS DISTINCT FROM
  (OLD.id, OLD.org_id, OLD.kind, OLD.from_on, OLD.to_on, OLD.created_by, OLD.created_at))
  EXECUTE FUNCTION zhicha_refuse_change();

CREATE TABLE programme_versions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  programme_id uuid NOT NULL REFERENCES programmes (id),
  no integer NOT NULL CHECK (no > 0),
  state text NOT NULL CHECK (state IN ('DRAFT', 'SUBMITTED', 'APPROVED', 'WITHDRAWN')),
  reason text NOT NULL DEFAULT '',
  most_visits integer CHECK (most_visits > 0),
  authors uuid[] NOT NULL CHECK (cardinality(authors) > 0),
  drafted_by uuid NOT NULL REFERENCES people (id),
  drafted_at timestamptz NOT NULL,
  submitted_by uuid REFERENCES people (id),
  submitted_at timestamptz,
  returned_why text NOT NULL DEFAULT '',
  approved_by uuid REFERENCES people (id),
  approved_at timestamptz,
  opinion text NOT NULL DEFAULT '',
  UNIQUE (programme_id, no),
  UNIQUE (id, programme_id),
  -- A change of what was approved says why.
  CHECK (no = 1 OR reason <> ''),
  CHECK ((state = 'APPROVED') = (approved_at IS NOT NULL)),
  CHECK ((approved_at IS NULL) = (approved_by IS NULL)),
  CHECK (state <> 'SUBMITTED' OR submitted_at IS NOT NULL),
  -- Nobody approves what he wrote at.
  CHECK (approved_by <> ALL (authors))
);
-- At most one version is under way.
CREATE UNIQUE INDEX programme_versions_open ON programme_versions (programme_id)
  WHERE state IN ('DRAFT', 'SUBMITTED');
CREATE TRIGGER programme_versions_past BEFORE UPDATE ON programme_versions
  FOR EACH ROW WHEN (OLD.state IN ('APPROVED', 'WITHDRAWN')) EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER programme_versions_laid BEFORE UPDATE ON programme_versions FOR EACH ROW WHEN (
  OLD.state <> 'DRAFT' AND (NEW.most_visits, NEW.authors, NEW.reason) IS DISTINCT FROM
  (OLD.most_visits, OLD.authors, OLD.reason)) EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER programme_versions_fixed BEFORE UPDATE ON programme_versions FOR EACH ROW WHEN (
  (NEW.id, NEW.org_id, NEW.programme_id, NEW.no, NEW.drafted_by, NEW.drafted_at) IS DISTINCT FROM
  (OLD.id, OLD.org_id, OLD.programme_id, OLD.no, OLD.drafted_by, OLD.drafted_at))
  EXECUTE FUNCTION zhicha_refuse_change();

CREATE TABLE programme_entries (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  version_id uuid NOT NULL REFERENCES programme_versions (id),
  key uuid NOT NULL,
  no integer NOT NULL CHECK (no > 0),
  subject text NOT NULL CHECK (subject <> ''),
  unit_id uuid REFERENCES units (id),
  unit_kind text,
  category text,
  from_on date NOT NULL,
  to_on date NOT NULL,
  visits integer NOT NULL CHECK (visits >= 0),
  responsible_id uuid NOT NULL REFERENCES people (id),
  basis text NOT NULL CHECK (basis <> ''),
  UNIQUE (version_id, key),
  UNIQUE (version_id, no),
  CHECK ((unit_id IS NULL) <> (unit_kind IS NULL)),
  CHECK (from_on <= to_on)
);
-- What lies before a leader, or was approved, is not reworded.
CREATE FUNCTION zhicha_guard_programme_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT state FROM programme_versions WHERE id = coalesce(NEW.version_id, OLD.version_id)) <> 'DRAFT' THEN
    RAISE EXCEPTION 'only a draft can be rewritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER programme_entries_guard BEFORE INSERT OR UPDATE OR DELETE ON programme_entries
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_programme_entry();

CREATE TABLE programme_links (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  programme_id uuid NOT NULL REFERENCES programmes (id),
  entry_key uuid NOT NULL,
  item_id uuid NOT NULL REFERENCES items (id),
  linked_by uuid NOT NULL REFERENCES people (id),
  linked_at timestamptz NOT NULL,
  ended_by uuid REFERENCES people (id),
  ended_at timestamptz,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
  CHECK (ended_at >= linked_at)
);
CREATE UNIQUE INDEX programme_links_one ON programme_links (programme_id, item_id) WHERE ended_at IS NULL;
CREATE INDEX programme_links_item ON programme_links (item_id);
CREATE TRIGGER programme_links_fixed BEFORE UPDATE ON programme_links FOR EACH ROW WHEN (
  OLD.ended_at IS NOT NULL OR (NEW.id, NEW.org_id, NEW.programme_id, NEW.entry_key, NEW.item_id, NEW.linked_by,
  NEW.linked_at) IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.programme_id, OLD.entry_key, OLD.item_id, OLD.linked_by,
  OLD.linked_at)) EXECUTE FUNCTION zhicha_refuse_change();
"""

TABLES = ("programmes", "programme_versions", "programme_links")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in TABLES:
            await run_sql(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
            )
        for table in (*TABLES, "programme_entries"):
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
