"""Failed sign-ins by source, clients that are known, and columns that nobody read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:55:02:000000"
VERSION = "1.38.0"
DESCRIPTION = "throttling by source; dead columns"

SQL = """
-- Counted for fifteen minutes only: what is there now need not be told apart.
DELETE FROM sign_in_attempts;
ALTER TABLE sign_in_attempts ADD COLUMN source_sha256 bytea NOT NULL CHECK (octet_length(source_sha256) = 32);
ALTER TABLE sign_in_attempts ADD COLUMN known boolean NOT NULL;
CREATE TABLE known_clients (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL REFERENCES people (id),
  secret_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(secret_sha256) = 32),
  created_at timestamptz NOT NULL
);
CREATE INDEX known_clients_person ON known_clients (person_id);
CREATE INDEX uploads_open ON uploads (person_id) WHERE upload_offset < length;
ALTER TABLE devices DROP COLUMN reported_waiting;
ALTER TABLE uploads DROP COLUMN locked_until;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
