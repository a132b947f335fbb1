"""Within how many hours a matter is to be registered, and instructions found again by their wording."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "limit of registration, wording of instructions"

SQL = """
ALTER TABLE organisations ADD COLUMN register_within_hours integer NOT NULL DEFAULT 24
  CHECK (register_within_hours BETWEEN 1 AND 720);
ALTER TABLE item_instructions ADD COLUMN wording_key text NOT NULL DEFAULT '';
CREATE INDEX items_late ON items (org_id, created_at DESC, id DESC) WHERE late_reason <> '';
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
