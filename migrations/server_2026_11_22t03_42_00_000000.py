"""Which person stated the limit that an extension is asked of; a name alone may be another's (D1.13, R38)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T03:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "extensions name the person who stated the limit"

# Requests that wait from before name nobody: leaders in charge decide on those.
SQL = """
ALTER TABLE item_extensions ADD COLUMN stated_by_id uuid REFERENCES people (id);
ALTER TABLE item_extensions ADD CHECK (stated_by_id IS NULL OR stated_by <> '');
CREATE TRIGGER item_extensions_stater_fixed BEFORE UPDATE OF stated_by_id ON item_extensions
  FOR EACH ROW WHEN (NEW.stated_by_id IS DISTINCT FROM OLD.stated_by_id) EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
