"""Acts are numbered for each organisation before they wait for the log, and the log says which numbers it took."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:20:10:000000"
VERSION = "1.38.0"
DESCRIPTION = "numbered acts, tallies in the log"

SQL = """
-- One more for each transaction that records anything; taken and committed with it, so without a gap.
ALTER TABLE feed_counters ADD COLUMN acts bigint NOT NULL DEFAULT 0 CHECK (acts >= 0);
ALTER TABLE log_pending ADD COLUMN n bigint;
ALTER TABLE log_pending DISABLE TRIGGER log_pending_fixed;
UPDATE log_pending p SET n = q.n FROM
  (SELECT id, row_number() OVER (PARTITION BY org_id ORDER BY id) AS n FROM log_pending
   WHERE org_id IN (SELECT org_id FROM feed_counters)) q WHERE q.id = p.id;
ALTER TABLE log_pending ENABLE TRIGGER log_pending_fixed;
UPDATE feed_counters c SET acts = coalesce((SELECT max(n) FROM log_pending p WHERE p.org_id = c.org_id), 0);
-- What belongs to no organisation has no number.
ALTER TABLE log_pending ADD CHECK (n IS NOT NULL OR org_id = '00000000-0000-0000-0000-000000000000');
CREATE UNIQUE INDEX log_pending_number ON log_pending (org_id, n);

-- Of each run of numbers that became leaves: where its tally is, which itself is a leaf, over the m leaves before it.
CREATE TABLE log_tallies (
  idx bigint PRIMARY KEY REFERENCES log_leaves (idx),
  org_id uuid NOT NULL REFERENCES organisations (id),
  first_n bigint NOT NULL CHECK (first_n > 0),
  last_n bigint NOT NULL CHECK (last_n >= first_n),
  m int NOT NULL CHECK (m BETWEEN 0 AND idx)
);
CREATE INDEX log_tallies_last ON log_tallies (org_id, last_n DESC);
CREATE TRIGGER log_tallies_append_only BEFORE UPDATE OR DELETE ON log_tallies
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER log_tallies_never_emptied BEFORE TRUNCATE ON log_tallies
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
