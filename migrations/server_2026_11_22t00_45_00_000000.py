"""The limits that were frozen stay: an item's original one, those of units and of their tasks."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T00:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "frozen limits"

SQL = """
-- The first date stays as the original one for ever (R36, R38); only settling a provisional date may move it.
CREATE TRIGGER items_original_due_fixed BEFORE UPDATE OF original_due_at ON items
  FOR EACH ROW WHEN (OLD.original_due_at IS NOT NULL AND NEW.original_due_at IS DISTINCT FROM OLD.original_due_at
    AND NOT (OLD.due_provisional AND NOT NEW.due_provisional))
  EXECUTE FUNCTION zhicha_refuse_change();
-- What a unit was given in an issued slip is not moved behind its back.
CREATE TRIGGER slip_recipients_due_fixed BEFORE UPDATE OF due_at ON slip_recipients
  FOR EACH ROW WHEN (OLD.issued_at IS NOT NULL AND NEW.due_at IS DISTINCT FROM OLD.due_at)
  EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
