"""A word for statements that must stand or fall as a whole: what they found is what they need."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:57:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a statement can demand that its parts found what they need"

# Volatile, so that it is asked when the parts before it are done. The code lets the caller know this refusal by itself.
SQL = """
CREATE FUNCTION zhicha_demand(held boolean) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF held IS NOT TRUE THEN
    RAISE EXCEPTION 'what the statement needs is not there' USING ERRCODE = 'no_data_found';
  END IF;
  RETURN true;
END $$;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
