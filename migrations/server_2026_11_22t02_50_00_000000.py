"""An item's state and dates move only together with the step that says so, whoever writes the SQL."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no move of an item without its step"

SQL = """
-- Asked when the transaction commits, because a command writes the item first and its step after it. A step counts
-- when this very transaction wrote it (commands use no savepoints, so its row bears the transaction's own number) and
-- when it says what changed: from which state to which, or the new date.
CREATE FUNCTION zhicha_demand_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM item_steps s WHERE s.item_id = NEW.id AND s.xmin = pg_current_xact_id()::xid
      AND (NEW.state = OLD.state OR (s.from_state IS NOT DISTINCT FROM OLD.state AND s.to_state = NEW.state))
      AND (NEW.due_at IS NOT DISTINCT FROM OLD.due_at
        OR (s.data ? 'due_at' AND (s.data ->> 'due_at')::timestamptz IS NOT DISTINCT FROM NEW.due_at))
      AND (NEW.assigned_at IS NOT DISTINCT FROM OLD.assigned_at OR s.act IN ('assign', 'decline', 'take_over'))
  ) THEN
    RAISE EXCEPTION 'an item moves only with its recorded step: %, % to %', NEW.id, OLD.state, NEW.state
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER items_moved_with_step AFTER UPDATE OF state, due_at, assigned_at ON items
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((NEW.state, NEW.due_at, NEW.assigned_at) IS DISTINCT FROM (OLD.state, OLD.due_at, OLD.assigned_at))
  EXECUTE FUNCTION zhicha_demand_step();

-- Taken back from a unit (D1.11), an item has no limit until it is handed over anew; that one is then its first.
DROP TRIGGER items_original_due_fixed ON items;
CREATE TRIGGER items_original_due_fixed BEFORE UPDATE OF original_due_at ON items
  FOR EACH ROW WHEN (OLD.original_due_at IS NOT NULL AND NEW.original_due_at IS DISTINCT FROM OLD.original_due_at
    AND NOT (OLD.due_provisional AND NOT NEW.due_provisional)
    AND NOT (NEW.original_due_at IS NULL AND OLD.state = 'ASSIGNED' AND NEW.state = 'METHOD_CONFIRMED'))
  EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
