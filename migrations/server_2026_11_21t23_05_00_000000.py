"""What an item carries on its way from registration to the unit that must act."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "columns of the ledger's first half"

SQL = """
ALTER TABLE items
  ADD COLUMN kind text,
  ADD COLUMN content_kind smallint CHECK (content_kind BETWEEN 1 AND 4),
  ADD COLUMN basis_kind text CHECK (basis_kind IN ('DECISION', 'HEAD_ORDER', 'PROPOSAL')),
  ADD COLUMN basis_text text NOT NULL DEFAULT '',
  ADD COLUMN scope_text text NOT NULL DEFAULT '',
  ADD COLUMN task text NOT NULL DEFAULT '',
  ADD COLUMN requirement text NOT NULL DEFAULT '',
  ADD COLUMN importance text NOT NULL DEFAULT 'ORDINARY' CHECK (importance IN ('ORDINARY', 'IMPORTANT')),
  ADD COLUMN intensity text CHECK (intensity IN ('KEY', 'TRACKING', 'PERIODIC')),
  ADD COLUMN interval_days integer CHECK (interval_days > 0),
  ADD COLUMN mode text CHECK (mode IN ('FORWARD', 'JOINT', 'SELF')),
  ADD COLUMN mode_reason text NOT NULL DEFAULT '',
  ADD COLUMN responsible_person_id uuid REFERENCES people (id),
  ADD COLUMN parent_id uuid REFERENCES items (id),
  ADD COLUMN child_no integer CHECK (child_no > 0),
  ADD COLUMN decision_id uuid,
  ADD COLUMN merged_into_id uuid REFERENCES items (id),
  ADD COLUMN approval_round integer NOT NULL DEFAULT 1,
  ADD COLUMN listed_at timestamptz,
  ADD COLUMN stated_limit_n integer CHECK (stated_limit_n > 0),
  ADD COLUMN stated_limit_unit text CHECK (stated_limit_unit IN ('WORKING_DAYS', 'DAYS', 'HOURS')),
  ADD COLUMN stated_due_at timestamptz,
  ADD COLUMN stated_by text NOT NULL DEFAULT '',
  ADD COLUMN assigned_at timestamptz,
  ADD COLUMN original_due_at timestamptz,
  ADD COLUMN due_rule text,
  ADD COLUMN due_words text,
  ADD COLUMN due_words_en text,
  ADD COLUMN due_pack text,
  ADD COLUMN due_calendar text,
  ADD COLUMN due_provisional boolean NOT NULL DEFAULT false,
  ADD COLUMN suspended_at timestamptz,
  ADD COLUMN suspend_review_on date,
  ADD CHECK (parent_id IS NULL OR parent_id <> id),
  ADD CHECK ((parent_id IS NULL) = (child_no IS NULL)),
  ADD CHECK (stated_limit_n IS NULL OR stated_limit_unit IS NOT NULL);
CREATE UNIQUE INDEX items_child_no ON items (parent_id, child_no) WHERE parent_id IS NOT NULL;
CREATE INDEX items_state ON items (org_id, state, created_at DESC, id DESC);
CREATE INDEX items_due ON items (org_id, due_at) WHERE due_at IS NOT NULL;
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
