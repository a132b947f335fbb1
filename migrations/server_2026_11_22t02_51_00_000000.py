"""Nobody signs what he wrote, laid before the leaders or takes back alone; tasks of a coordination slip end."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "writers of slips, finished tasks of coordination"

SQL = """
ALTER TABLE slips ADD COLUMN writers uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE slips DISABLE TRIGGER slips_guard;
UPDATE slips s SET writers = ARRAY(
  SELECT DISTINCT w FROM (
    SELECT s.drafted_by AS w UNION ALL
    SELECT e.actor_id FROM journal_entries e
     WHERE s.seq IS NULL AND e.kind = 'slip.revised' AND e.subject_id = s.id AND e.actor_id IS NOT NULL) AS wrote);
ALTER TABLE slips ENABLE TRIGGER slips_guard;
ALTER TABLE slips
  ADD CONSTRAINT slips_signed_by_another CHECK (issued_by IS NULL OR issued_by <> ALL (writers)),
  -- Before this rule some may have been taken back by who signed them; they stay as they were.
  ADD CONSTRAINT slips_withdrawn_by_another CHECK (withdrawn_by IS NULL OR withdrawn_by <> issued_by) NOT VALID;
-- A writer is added and never struck out again.
CREATE TRIGGER slips_writers_kept BEFORE UPDATE OF writers ON slips
  FOR EACH ROW WHEN (NOT NEW.writers @> OLD.writers) EXECUTE FUNCTION zhicha_refuse_change();

ALTER TABLE item_tasks DROP CONSTRAINT item_tasks_state_check;
ALTER TABLE item_tasks
  ADD CONSTRAINT item_tasks_state_check
    CHECK (state IN ('ASSIGNED', 'ACCEPTED', 'INPUT_GIVEN', 'MERGED', 'DONE', 'ENDED')),
  ADD COLUMN done_at timestamptz,
  ADD COLUMN done_by uuid REFERENCES people (id),
  ADD COLUMN result text NOT NULL DEFAULT '',
  ADD CHECK ((done_at IS NULL) = (done_by IS NULL)),
  ADD CHECK (done_at IS NULL OR (kind = 'COORDINATE' AND result <> '')),
  ADD CHECK (state <> 'DONE' OR done_at IS NOT NULL),
  ADD CHECK (done_at IS NULL OR state IN ('DONE', 'ENDED'));
CREATE TRIGGER item_tasks_done_once BEFORE UPDATE OF state, done_at, done_by, result ON item_tasks
  FOR EACH ROW WHEN (OLD.done_at IS NOT NULL AND (NEW.state NOT IN ('DONE', 'ENDED')
    OR (NEW.done_at, NEW.done_by, NEW.result) IS DISTINCT FROM (OLD.done_at, OLD.done_by, OLD.result)))
  EXECUTE FUNCTION zhicha_refuse_change();
-- Whoever lays a rule pack before the leaders does not enact it in a second role; older ones stay as they were.
ALTER TABLE rule_pack_versions
  ADD CONSTRAINT rule_pack_versions_enacted_by_another CHECK (enacted_by <> submitted_by) NOT VALID;
CREATE INDEX item_tasks_open_coordination ON item_tasks (item_id)
  WHERE kind = 'COORDINATE' AND state IN ('ASSIGNED', 'ACCEPTED');
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
