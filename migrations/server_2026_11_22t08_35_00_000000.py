"""What waits for the log has a possible number; an alarm for what cannot enter it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T08:35:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "numbers of what waits for the log, alarm of a log that stands still"

SQL = """
ALTER TABLE log_pending ADD CONSTRAINT log_pending_number_possible CHECK (n > 0);
ALTER TABLE log_alarms DROP CONSTRAINT log_alarms_kind_check;
ALTER TABLE log_alarms ADD CHECK (kind IN ('INCONSISTENT', 'KEY_CHANGED', 'PROMISE_BROKEN', 'PROOF_WRONG',
  'CHAIN_FORK', 'ORIGINAL_DIFFERS', 'SPLIT_VIEW', 'LOG_BROKEN', 'LOG_STUCK', 'ACT_MISSING'));
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
