"""What the camera wrote into each original, beside the original itself."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:55:01:000000"
VERSION = "1.38.0"
DESCRIPTION = "EXIF of every original"

SQL = """
ALTER TABLE originals ADD COLUMN exif jsonb;
UPDATE originals o SET exif = c.facts -> 'exif' FROM captures c
  WHERE c.id = o.capture_id AND c.originals_total = 1 AND c.facts ? 'exif';
CREATE TRIGGER originals_exif_once BEFORE UPDATE OF exif ON originals
  FOR EACH ROW WHEN (OLD.exif IS NOT NULL AND NEW.exif IS DISTINCT FROM OLD.exif)
  EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
