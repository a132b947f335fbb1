"""Who took up which capture for review, once a day; the act itself is an entry of the journal."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T08:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "captures taken up for review"

SQL = """
CREATE TABLE capture_openings (
  org_id uuid NOT NULL REFERENCES organisations (id),
  capture_id uuid NOT NULL REFERENCES captures (id),
  person_id uuid NOT NULL REFERENCES people (id),
  day date NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (capture_id, person_id, day)
);
CREATE TRIGGER capture_openings_append_only BEFORE UPDATE OR DELETE ON capture_openings
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER capture_openings_never_emptied BEFORE TRUNCATE ON capture_openings
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
