"""Indexes of the desk's lists of evidence, and of the walk along a chain."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T20:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes of evidence lists"

SQL = """
CREATE INDEX captures_session ON captures (session_id, seq);
CREATE INDEX captures_decision ON captures (org_id, decision, received_at DESC, id DESC);
CREATE INDEX captures_partial ON captures (org_id, received_at DESC, id DESC)
  WHERE originals_received < originals_total;
ALTER TABLE captures ADD CHECK (decision IN ('PENDING', 'ACCEPTED', 'QUERIED', 'REJECTED'));
ALTER TABLE reviews ADD CHECK (decision IN ('ACCEPTED', 'REJECTED'));
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
