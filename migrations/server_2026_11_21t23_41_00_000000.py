"""Meetings, what they decided, and who is to carry it out."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "meetings and their decisions"

SQL = """
CREATE TABLE meetings (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  kind text NOT NULL CHECK (kind IN ('PLENARY', 'EXECUTIVE', 'OFFICE', 'SPECIAL', 'ECONOMIC', 'STANDING_COMMITTEE',
    'JOINT', 'ON_SITE', 'OTHER')),
  year integer NOT NULL CHECK (year BETWEEN 1949 AND 9999),
  no integer CHECK (no > 0),
  title text NOT NULL DEFAULT '',
  held_on date NOT NULL,
  chair text NOT NULL CHECK (chair <> ''),
  attended_by uuid REFERENCES people (id),
  minutes_id uuid REFERENCES attachments (id),
  recorded_by uuid NOT NULL REFERENCES people (id),
  recorded_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CHECK (no IS NOT NULL OR title <> '')
);
CREATE UNIQUE INDEX meetings_number ON meetings (org_id, kind, year, no) WHERE no IS NOT NULL;
CREATE INDEX meetings_newest ON meetings (org_id, held_on DESC, id DESC);
CREATE TRIGGER meetings_fixed BEFORE UPDATE OF id, org_id, recorded_by, recorded_at ON meetings
  FOR EACH ROW WHEN ((NEW.id, NEW.org_id, NEW.recorded_by, NEW.recorded_at) IS DISTINCT FROM
    (OLD.id, OLD.org_id, OLD.recorded_by, OLD.recorded_at)) EXECUTE FUNCTION zhicha_refuse_change();

CREATE TABLE meeting_decisions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  meeting_id uuid NOT NULL REFERENCES meetings (id),
  no integer NOT NULL CHECK (no > 0),
  text text NOT NULL CHECK (text <> ''),
  requirement text NOT NULL DEFAULT '',
  due_on date,
  recorded_by uuid NOT NULL REFERENCES people (id),
  recorded_at timestamptz NOT NULL,
  withdrawn_at timestamptz
);
CREATE UNIQUE INDEX meeting_decisions_number ON meeting_decisions (meeting_id, no) WHERE withdrawn_at IS NULL;
-- What a meeting decided is not rewritten: a slip of the pen is withdrawn and recorded anew.
CREATE TRIGGER meeting_decisions_fixed
  BEFORE UPDATE OF id, org_id, meeting_id, no, text, requirement, due_on, recorded_by, recorded_at ON meeting_decisions
  FOR EACH ROW WHEN (
    (NEW.id, NEW.org_id, NEW.meeting_id, NEW.no, NEW.text, NEW.requirement, NEW.due_on, NEW.recorded_by,
     NEW.recorded_at) IS DISTINCT FROM
    (OLD.id, OLD.org_id, OLD.meeting_id, OLD.no, OLD.text, OLD.requirement, OLD.due_on, OLD.recorded_by,
     OLD.recorded_at)) EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER meeting_decisions_withdrawn_once BEFORE UPDATE OF withdrawn_at ON meeting_decisions
  FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
  EXECUTE FUNCTION zhicha_refuse_change();

CREATE TABLE decision_units (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  decision_id uuid NOT NULL REFERENCES meeting_decisions (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  lead boolean NOT NULL,
  UNIQUE (decision_id, unit_id)
);
CREATE UNIQUE INDEX decision_units_lead ON decision_units (decision_id) WHERE lead;
CREATE TRIGGER decision_units_append_only BEFORE UPDATE OR DELETE ON decision_units
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();

ALTER TABLE items ADD FOREIGN KEY (decision_id) REFERENCES meeting_decisions (id);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in ("meetings", "meeting_decisions"):
            await run_sql(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
            )
        for table in ("meetings", "meeting_decisions", "decision_units"):
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
