"""Longer limits, reports that a limit cannot be kept, and clocks that stand still."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "extensions, written reports, suspensions"

SQL = """
CREATE TABLE item_extensions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  state text NOT NULL CHECK (state IN ('PENDING', 'GRANTED', 'REFUSED', 'WITHDRAWN')),
  reason text NOT NULL CHECK (reason <> ''),
  progress text NOT NULL CHECK (progress <> ''),
  wanted_until date,
  wanted_n integer CHECK (wanted_n > 0),
  wanted_unit text CHECK (wanted_unit IN ('WORKING_DAYS', 'DAYS', 'HOURS')),
  unit_id uuid NOT NULL REFERENCES units (id),
  requested_by uuid NOT NULL REFERENCES people (id),
  requested_at timestamptz NOT NULL,
  late boolean NOT NULL,
  stated_by text NOT NULL,
  due_before timestamptz NOT NULL,
  rule_before text NOT NULL,
  words_before text NOT NULL,
  words_en_before text NOT NULL,
  no integer CHECK (no > 0),
  due_after timestamptz,
  granted_unit text CHECK (granted_unit IN ('WORKING_DAYS', 'DAYS', 'HOURS')),
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  opinion text NOT NULL DEFAULT '',
  CHECK ((wanted_until IS NULL) <> (wanted_n IS NULL)),
  CHECK ((wanted_n IS NULL) = (wanted_unit IS NULL)),
  CHECK ((state IN ('GRANTED', 'REFUSED')) = (decided_by IS NOT NULL)),
  CHECK ((state = 'PENDING') = (decided_at IS NULL)),
  CHECK ((state = 'GRANTED') = (due_after IS NOT NULL)),
  CHECK ((state = 'GRANTED') = (no IS NOT NULL)),
  CHECK (state <> 'REFUSED' OR opinion <> ''),
  -- Nobody decides on what he asked for himself.
  CHECK (decided_by <> requested_by),
  CHECK (due_after >= due_before)
);
CREATE UNIQUE INDEX item_extensions_one_pending ON item_extensions (item_id) WHERE state = 'PENDING';
CREATE UNIQUE INDEX item_extensions_no ON item_extensions (item_id, no) WHERE no IS NOT NULL;
CREATE INDEX item_extensions_item ON item_extensions (item_id, requested_at);
CREATE INDEX item_extensions_pending ON item_extensions (org_id, requested_at, id) WHERE state = 'PENDING';

CREATE TABLE item_written_reports (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  reason text NOT NULL CHECK (reason <> ''),
  progress text NOT NULL CHECK (progress <> ''),
  expected_on date,
  unit_id uuid NOT NULL REFERENCES units (id),
  filed_by uuid NOT NULL REFERENCES people (id),
  filed_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  in_time boolean NOT NULL,
  CHECK (in_time = (filed_at <= due_at))
);
CREATE INDEX item_written_reports_item ON item_written_reports (item_id, filed_at);

CREATE TABLE item_suspensions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  obstacle text NOT NULL CHECK (obstacle <> ''),
  review_on date NOT NULL,
  suspended_by uuid NOT NULL REFERENCES people (id),
  suspended_at timestamptz NOT NULL,
  due_before timestamptz,
  measure text NOT NULL CHECK (measure IN ('WORKING_DAYS', 'DAYS', 'TIME', 'NONE')),
  remaining_days integer CHECK (remaining_days >= 0),
  remaining_us bigint,
  ended_at timestamptz,
  ended_by uuid REFERENCES people (id),
  ended_how text CHECK (ended_how IN ('RESUMED', 'TERMINATED')),
  note text NOT NULL DEFAULT '',
  due_after timestamptz,
  CHECK ((measure IN ('WORKING_DAYS', 'DAYS')) = (remaining_days IS NOT NULL)),
  CHECK ((measure = 'TIME') = (remaining_us IS NOT NULL)),
  CHECK ((measure = 'NONE') = (due_before IS NULL)),
  CHECK ((ended_at IS NULL) = (ended_how IS NULL) AND (ended_at IS NULL) = (ended_by IS NULL)),
  CHECK (ended_at >= suspended_at),
  CHECK (due_after IS NULL OR ended_how = 'RESUMED')
);
-- A clock that stands still cannot be stopped again.
CREATE UNIQUE INDEX item_suspensions_one ON item_suspensions (item_id) WHERE ended_at IS NULL;
CREATE INDEX item_suspensions_item ON item_suspensions (item_id, suspended_at);
CREATE INDEX item_suspensions_review ON item_suspensions (org_id, review_on, id) WHERE ended_at IS NULL;

CREATE TRIGGER item_written_reports_fixed BEFORE UPDATE ON item_written_reports
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER item_extensions_decided BEFORE UPDATE ON item_extensions
  FOR EACH ROW WHEN (OLD.state <> 'PENDING') EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER item_extensions_fixed BEFORE UPDATE OF id, org_id, item_id, reason, progress, wanted_until, wanted_n,
  wanted_unit, unit_id, requested_by, requested_at, late, stated_by, due_before, rule_before, words_before,
  words_en_before ON item_extensions FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.item_id, NEW.reason, NEW.progress, NEW.wanted_until, NEW.wanted_n, NEW.wanted_unit,
         NEW.unit_id, NEW.requested_by, NEW.requested_at, NEW.late, NEW.stated_by, NEW.due_before, NEW.rule_before,
         NEW.words_before, NEW.words_en_before) IS DISTINCT FROM
        (OLD.id, OLD.org_id, OLD.item_id, OLD.reason, OLD.progress, OLD.wanted_until, OLD.wanted_n, OLD.wanted_unit,
         OLD.unit_id, OLD.requested_by, OLD.requested_at, OLD.late, OLD.stated_by, OLD.due_before, OLD.rule_before,
         OLD.words_before, OLD.words_en_before))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER item_suspensions_ended BEFORE UPDATE ON item_suspensions
  FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER item_suspensions_fixed BEFORE UPDATE OF id, org_id, item_id, obstacle, review_on, suspended_by,
  suspended_at, due_before, measure, remaining_days, remaining_us ON item_suspensions FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.item_id, NEW.obstacle, NEW.review_on, NEW.suspended_by, NEW.suspended_at,
         NEW.due_before, NEW.measure, NEW.remaining_days, NEW.remaining_us) IS DISTINCT FROM
        (OLD.id, OLD.org_id, OLD.item_id, OLD.obstacle, OLD.review_on, OLD.suspended_by, OLD.suspended_at,
         OLD.due_before, OLD.measure, OLD.remaining_days, OLD.remaining_us))
  EXECUTE FUNCTION zhicha_refuse_change();
"""

TABLES = ("item_extensions", "item_written_reports", "item_suspensions")


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
