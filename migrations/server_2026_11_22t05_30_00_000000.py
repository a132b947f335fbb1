"""One answer to who wrote at a proposal, asked by whoever guards its signatures (R13, D1.4, D1.5)."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "all writers of a proposal"

# In every round, and whoever touched it last: the trail, what went up, and the item as it stands.
SQL = """
CREATE FUNCTION zhicha_item_writers(item uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(DISTINCT w.writer), '{}') FROM (
    SELECT s.actor_id AS writer FROM item_steps s WHERE s.item_id = item AND s.act IN ('propose', 'submit')
    UNION ALL SELECT unnest(ARRAY[p.proposed_by, p.submitted_by]) FROM item_proposals p WHERE p.item_id = item
    UNION ALL SELECT unnest(ARRAY[i.proposed_by, i.submitted_by]) FROM items i WHERE i.id = item
  ) w WHERE w.writer IS NOT NULL
$$;
CREATE OR REPLACE FUNCTION zhicha_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed smallint; item items;
BEGIN
  SELECT * INTO item FROM items WHERE id = NEW.item_id;
  SELECT signatures INTO needed FROM item_proposals WHERE item_id = NEW.item_id AND round = NEW.round;
  IF item.state <> 'UNDER_APPROVAL' OR item.approval_round <> NEW.round THEN
    RAISE EXCEPTION 'this round is not up for signature' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.signer_id = ANY (zhicha_item_writers(NEW.item_id)) THEN
    RAISE EXCEPTION 'nobody signs his own proposal' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'FIRST' AND needed = 1 THEN
    RAISE EXCEPTION 'one signature decides on this round' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'SECOND' AND needed = 2 AND NOT EXISTS (
    SELECT 1 FROM item_signatures WHERE item_id = NEW.item_id AND round = NEW.round AND kind = 'FIRST'
  ) THEN
    RAISE EXCEPTION 'the second signature follows the first' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
