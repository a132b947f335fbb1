"""What one person's phones did in a day is counted before more of it is taken."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T08:35:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes for chains, forks and alarms of a person's day"

SQL = """
CREATE INDEX capture_sessions_day ON capture_sessions (person_id, received_at);
CREATE INDEX chain_forks_day ON chain_forks (person_id, received_at);
CREATE INDEX log_alarms_day ON log_alarms (person_id, received_at) WHERE person_id IS NOT NULL;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
