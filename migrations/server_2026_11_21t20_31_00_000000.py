"""Let the change feed forget: it is derived from the journal, which forgets nothing."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T20:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "rows of the change feed may be deleted once they are old, but never changed"

SQL = """
DROP TRIGGER feed_changes_append_only ON feed_changes;
CREATE TRIGGER feed_changes_never_rewritten BEFORE UPDATE ON feed_changes
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
