"""The tray of matters received but not yet registered (R2)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tray of incoming matters"

SQL = """
CREATE TABLE intake_matters (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  source_kind text NOT NULL,
  from_whom text NOT NULL CHECK (from_whom <> ''),
  source_ref text NOT NULL DEFAULT '',
  subject text NOT NULL CHECK (subject <> ''),
  urgency text NOT NULL,
  received_at timestamptz NOT NULL,
  entered_by uuid NOT NULL REFERENCES people (id),
  entered_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('WAITING', 'REGISTERED', 'RETURNED', 'DECLINED')),
  item_id uuid REFERENCES items (id),
  difference_reason text NOT NULL DEFAULT '',
  reason text NOT NULL DEFAULT '',
  settled_by uuid REFERENCES people (id),
  settled_at timestamptz,
  reminded_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  UNIQUE (item_id),
  CHECK ((state = 'REGISTERED') = (item_id IS NOT NULL)),
  CHECK ((state = 'WAITING') = (settled_at IS NULL)),
  CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
  -- What goes back, or is not taken up, goes with the reason.
  CHECK (state NOT IN ('RETURNED', 'DECLINED') OR reason <> '')
);
CREATE INDEX intake_matters_waiting ON intake_matters (org_id, received_at, id) WHERE state = 'WAITING';
CREATE INDEX intake_matters_settled ON intake_matters (org_id, settled_at DESC, id DESC) WHERE state <> 'WAITING';
CREATE TRIGGER intake_matters_fixed BEFORE UPDATE ON intake_matters FOR EACH ROW WHEN (
  OLD.state <> 'WAITING' OR (NEW.id, NEW.org_id, NEW.source_kind, NEW.from_whom, NEW.source_ref, NEW.subject,
  NEW.urgency, NEW.received_at, NEW.entered_by, NEW.entered_at) IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.source_kind,
  OLD.from_whom, OLD.source_ref, OLD.subject, OLD.urgency, OLD.received_at, OLD.entered_by, OLD.entered_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER intake_matters_reminded_once BEFORE UPDATE OF reminded_at ON intake_matters
  FOR EACH ROW WHEN (OLD.reminded_at IS NOT NULL AND NEW.reminded_at IS DISTINCT FROM OLD.reminded_at)
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER intake_matters_kept BEFORE DELETE ON intake_matters
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();
CREATE TRIGGER intake_matters_never_emptied BEFORE TRUNCATE ON intake_matters
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();

CREATE TABLE intake_files (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  matter_id uuid NOT NULL REFERENCES intake_matters (id),
  attachment_id uuid NOT NULL REFERENCES attachments (id),
  UNIQUE (matter_id, attachment_id)
);
CREATE TRIGGER intake_files_append_only BEFORE UPDATE OR DELETE ON intake_files
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER intake_files_never_emptied BEFORE TRUNCATE ON intake_files
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
