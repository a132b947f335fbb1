"""What lists of the ledger are read by when twenty thousand lie behind them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:33:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "long lists"

SQL = """
-- Who wrote at an item's proposal, in whichever round: read here by the guard of signatures, commands and lists.
CREATE VIEW item_writers AS
  SELECT s.item_id, s.actor_id AS writer FROM item_steps s WHERE s.act IN ('propose', 'submit')
  UNION ALL SELECT p.item_id, p.proposed_by FROM item_proposals p
  UNION ALL SELECT p.item_id, p.submitted_by FROM item_proposals p
  UNION ALL SELECT i.id, i.proposed_by FROM items i
  UNION ALL SELECT i.id, i.submitted_by FROM items i;
CREATE OR REPLACE FUNCTION zhicha_item_writers(item uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT w.writer), '{}') FROM item_writers w
  WHERE w.item_id = item AND w.writer IS NOT NULL
$$;
-- A unit asks of each of its terminated items how it ended.
CREATE INDEX item_steps_terminated ON item_steps (item_id) WHERE act = 'terminate';
CREATE INDEX circulations_returned ON circulations (org_id, returned_at DESC, id DESC) WHERE state = 'RETURNED';
CREATE INDEX circulations_waiting ON circulations (org_id, opened_at, id)
  WHERE state IN ('PREPARED', 'READ', 'INSTRUCTED');
-- Of one state, as the register is sorted.
CREATE INDEX items_state_order ON items (org_id, state, immediate DESC, created_at DESC, id DESC);
CREATE INDEX slips_state ON slips (org_id, state, drafted_at DESC, id DESC);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
