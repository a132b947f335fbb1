"""Steps of an item in the order in which they were taken: two who act at once may begin in another order."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "order of item steps"

SQL = """
ALTER TABLE item_steps ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX item_steps_item;
CREATE INDEX item_steps_item ON item_steps (item_id, seq);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
