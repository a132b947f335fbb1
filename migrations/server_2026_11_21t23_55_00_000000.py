"""Sites recorded for a covert visit stay hidden until a visit there is released (R81)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "embargoed sites"

SQL = """
ALTER TABLE sites ADD COLUMN embargoed boolean NOT NULL DEFAULT false;
ALTER TABLE sites ADD COLUMN recorded_by uuid REFERENCES people (id);
-- Whoever is hidden was recorded by somebody, who may see it.
ALTER TABLE sites ADD CHECK (recorded_by IS NOT NULL OR NOT embargoed);
CREATE INDEX visits_of_site ON visits (site_id);
-- A site that everybody knows cannot be hidden again: its disappearance would tell of the visit.
CREATE TRIGGER sites_known_for_ever BEFORE UPDATE OF embargoed ON sites
  FOR EACH ROW WHEN (NEW.embargoed AND NOT OLD.embargoed) EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER sites_recorded_by_fixed BEFORE UPDATE OF recorded_by ON sites
  FOR EACH ROW WHEN (NEW.recorded_by IS DISTINCT FROM OLD.recorded_by) EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
