"""Documents on leaders' desks, the minutes they lie there, and when a leader is away."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "circulations, desk entries, absences"

SQL = """
CREATE TABLE circulations (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  kind text NOT NULL CHECK (kind IN ('DOCUMENT', 'CONFIDENTIAL')),
  class text NOT NULL,
  title text NOT NULL,
  reference text NOT NULL,
  serial text NOT NULL,
  item_id uuid REFERENCES items (id),
  received_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('PREPARED', 'ON_DESK', 'READ', 'INSTRUCTED', 'RETURNED')),
  opened_by uuid NOT NULL REFERENCES people (id),
  opened_at timestamptz NOT NULL,
  returned_at timestamptz,
  return_note text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  CHECK ((kind = 'DOCUMENT') = (class IN ('NORMAL', 'URGENT', 'EMERGENCY'))),
  CHECK ((kind = 'CONFIDENTIAL') = (class IN ('CONFIDENTIAL', 'CONFIDENTIAL_IMPORTANT', 'CONFIDENTIAL_URGENT'))),
  CHECK ((state = 'RETURNED') = (returned_at IS NOT NULL)),
  -- 机要件: a serial number and times, never what it is about (B13).
  CHECK (kind <> 'CONFIDENTIAL' OR (title = '' AND reference = '' AND item_id IS NULL AND serial <> ''
         AND return_note = '')),
  CHECK (kind <> 'DOCUMENT' OR (title <> '' AND serial = ''))
);
CREATE INDEX circulations_state ON circulations (org_id, state, opened_at DESC, id DESC);
CREATE INDEX circulations_item ON circulations (item_id) WHERE item_id IS NOT NULL;
CREATE UNIQUE INDEX circulations_serial ON circulations (org_id, serial) WHERE serial <> '';

CREATE TABLE circulation_desks (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  circulation_id uuid NOT NULL REFERENCES circulations (id),
  position integer NOT NULL CHECK (position > 0),
  hop integer NOT NULL CHECK (hop >= 0),
  leader_id uuid NOT NULL REFERENCES people (id),
  way text NOT NULL CHECK (way IN ('DESK', 'FAX', 'COURIER', 'CONFIDENTIAL_CHANNEL', 'OTHER')),
  way_note text NOT NULL DEFAULT '',
  delivered_at timestamptz,
  delivered_by uuid REFERENCES people (id),
  due_at timestamptz,
  due_rule text,
  due_words text,
  due_words_en text,
  due_pack text,
  left_at timestamptz,
  outcome text CHECK (outcome IN ('READ', 'INSTRUCTED', 'REROUTED', 'RETURNED')),
  instruction text NOT NULL DEFAULT '',
  entered_by uuid REFERENCES people (id),
  reminded_at timestamptz,
  UNIQUE (circulation_id, position, hop),
  -- Where a rule pack knows no limit for a class there is none, and the words say so.
  CHECK ((delivered_at IS NULL) = (due_words IS NULL) AND (delivered_at IS NULL) = (delivered_by IS NULL)),
  CHECK ((due_words IS NULL) = (due_rule IS NULL) AND (due_words IS NULL) = (due_words_en IS NULL)
         AND (due_words IS NULL) = (due_pack IS NULL)),
  CHECK (due_at IS NULL OR delivered_at IS NOT NULL),
  CHECK ((left_at IS NULL) = (outcome IS NULL) AND (left_at IS NULL) = (entered_by IS NULL)),
  CHECK (left_at IS NULL OR left_at >= delivered_at),
  CHECK (due_at >= delivered_at),
  CHECK (instruction = '' OR outcome = 'INSTRUCTED'),
  CHECK (way <> 'OTHER' OR way_note <> '')
);
-- A document lies on one desk at a time.
CREATE UNIQUE INDEX circulation_desks_one ON circulation_desks (circulation_id)
  WHERE delivered_at IS NOT NULL AND left_at IS NULL;
CREATE INDEX circulation_desks_open ON circulation_desks (org_id, due_at, circulation_id)
  WHERE delivered_at IS NOT NULL AND left_at IS NULL;
CREATE INDEX circulation_desks_leader ON circulation_desks (leader_id) WHERE delivered_at IS NOT NULL;

CREATE TABLE absences (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL REFERENCES people (id),
  from_on date NOT NULL,
  to_on date NOT NULL CHECK (to_on >= from_on),
  reason text NOT NULL DEFAULT '',
  marked_by uuid NOT NULL REFERENCES people (id),
  marked_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  version integer NOT NULL DEFAULT 1
);
CREATE INDEX absences_lasting ON absences (org_id, to_on) WHERE cancelled_at IS NULL;

CREATE FUNCTION zhicha_guard_stub() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.instruction <> '' OR NEW.way_note <> '' OR NEW.way IN ('FAX', 'OTHER'))
     AND EXISTS (SELECT 1 FROM circulations WHERE id = NEW.circulation_id AND kind = 'CONFIDENTIAL') THEN
    RAISE EXCEPTION 'a stub of the confidential channel holds no content'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER circulation_desks_stub BEFORE INSERT OR UPDATE OF instruction, way, way_note ON circulation_desks
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_stub();

CREATE TRIGGER circulations_fixed BEFORE UPDATE OF id, org_id, kind, class, title, reference, serial, item_id,
  received_at, opened_by, opened_at ON circulations FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.kind, NEW.class, NEW.title, NEW.reference, NEW.serial, NEW.item_id, NEW.received_at,
         NEW.opened_by, NEW.opened_at) IS DISTINCT FROM
        (OLD.id, OLD.org_id, OLD.kind, OLD.class, OLD.title, OLD.reference, OLD.serial, OLD.item_id, OLD.received_at,
         OLD.opened_by, OLD.opened_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER circulations_ended BEFORE UPDATE ON circulations FOR EACH ROW
  WHEN (OLD.state = 'RETURNED') EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER circulation_desks_fixed BEFORE UPDATE OF id, org_id, circulation_id, position, hop, leader_id, way,
  way_note ON circulation_desks FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.circulation_id, NEW.position, NEW.hop, NEW.leader_id, NEW.way, NEW.way_note)
        IS DISTINCT FROM
        (OLD.id, OLD.org_id, OLD.circulation_id, OLD.position, OLD.hop, OLD.leader_id, OLD.way, OLD.way_note))
  EXECUTE FUNCTION zhicha_refuse_change();
-- The limit is frozen with its rule at delivery (R36).
CREATE TRIGGER circulation_desks_due_once BEFORE UPDATE OF delivered_at, delivered_by, due_at, due_rule, due_words,
  due_words_en, due_pack ON circulation_desks FOR EACH ROW
  WHEN (OLD.delivered_at IS NOT NULL AND
        (NEW.delivered_at, NEW.delivered_by, NEW.due_at, NEW.due_rule, NEW.due_words, NEW.due_words_en, NEW.due_pack)
        IS DISTINCT FROM
        (OLD.delivered_at, OLD.delivered_by, OLD.due_at, OLD.due_rule, OLD.due_words, OLD.due_words_en, OLD.due_pack))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER circulation_desks_left_once BEFORE UPDATE ON circulation_desks FOR EACH ROW
  WHEN (OLD.left_at IS NOT NULL) EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER circulation_desks_reminded_once BEFORE UPDATE OF reminded_at ON circulation_desks FOR EACH ROW
  WHEN (OLD.reminded_at IS NOT NULL AND NEW.reminded_at IS DISTINCT FROM OLD.reminded_at)
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER absences_fixed BEFORE UPDATE OF id, org_id, person_id, from_on, marked_by, marked_at ON absences
  FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.person_id, NEW.from_on, NEW.marked_by, NEW.marked_at) IS DISTINCT FROM
        (OLD.id, OLD.org_id, OLD.person_id, OLD.from_on, OLD.marked_by, OLD.marked_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER absences_cancelled_once BEFORE UPDATE ON absences FOR EACH ROW
  WHEN (OLD.cancelled_at IS NOT NULL) EXECUTE FUNCTION zhicha_refuse_change();
"""

TABLES = ("circulations", "circulation_desks", "absences")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in TABLES:
            await run_sql(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
