"""An item that somebody said to lie outside a programme; links read as of any day (R106)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "items outside a programme"

SQL = """
-- No entry: a person has decided that the item belongs to none of this programme's.
ALTER TABLE programme_links ALTER COLUMN entry_key DROP NOT NULL;
CREATE INDEX programme_links_of ON programme_links (programme_id, item_id, linked_at DESC);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
