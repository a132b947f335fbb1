"""What the origin of an item is told, one signature where the rules ask for one, and changes of a confirmed method."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:42:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "feedback to origins, number of signatures, amended methods"

SQL = """
CREATE TABLE item_feedbacks (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  kind text NOT NULL CHECK (kind IN ('NOT_ESTABLISHED', 'UNIT_REFUSED')),
  addressee text NOT NULL CHECK (addressee IN ('ORIGIN', 'SOURCE')),
  name text NOT NULL CHECK (name <> ''),
  person_id uuid REFERENCES people (id),
  unit_id uuid REFERENCES units (id),
  reason text NOT NULL CHECK (reason <> ''),
  given_by uuid NOT NULL REFERENCES people (id),
  given_at timestamptz NOT NULL,
  told_how text NOT NULL DEFAULT '',
  told_by uuid REFERENCES people (id),
  told_at timestamptz,
  CHECK ((told_at IS NULL) = (told_how = '')),
  CHECK (person_id IS NULL OR addressee = 'ORIGIN')
);
CREATE INDEX item_feedbacks_item ON item_feedbacks (item_id, given_at);
CREATE TRIGGER item_feedbacks_fixed BEFORE UPDATE ON item_feedbacks FOR EACH ROW WHEN (
  OLD.told_at IS NOT NULL OR (NEW.id, NEW.org_id, NEW.item_id, NEW.kind, NEW.addressee, NEW.name, NEW.person_id,
  NEW.unit_id, NEW.reason, NEW.given_by, NEW.given_at) IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.item_id, OLD.kind,
  OLD.addressee, OLD.name, OLD.person_id, OLD.unit_id, OLD.reason, OLD.given_by, OLD.given_at))
  EXECUTE FUNCTION zhicha_refuse_change();

CREATE INDEX item_instructions_leader ON item_instructions (leader_person_id, item_id)
  WHERE leader_person_id IS NOT NULL;

-- 733 art. 5: more than one level down needs a recorded necessity.
ALTER TABLE items ADD COLUMN level_reason text NOT NULL DEFAULT '';

-- How many signatures the rules in force asked for when the proposal went up; what went up is never changed.
ALTER TABLE items ADD COLUMN signatures_needed smallint NOT NULL DEFAULT 2 CHECK (signatures_needed IN (1, 2));
ALTER TABLE item_proposals ADD COLUMN signatures smallint NOT NULL DEFAULT 2 CHECK (signatures IN (1, 2));
CREATE OR REPLACE FUNCTION zhicha_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE proposal item_proposals; item items;
BEGIN
  SELECT * INTO item FROM items WHERE id = NEW.item_id;
  SELECT * INTO proposal FROM item_proposals WHERE item_id = NEW.item_id AND round = NEW.round;
  IF item.state <> 'UNDER_APPROVAL' OR item.approval_round <> NEW.round THEN
    RAISE EXCEPTION 'this round is not up for signature' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.signer_id IN (proposal.proposed_by, proposal.submitted_by) THEN
    RAISE EXCEPTION 'nobody signs his own proposal' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'FIRST' AND proposal.signatures = 1 THEN
    RAISE EXCEPTION 'one signature decides on this round' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'SECOND' AND proposal.signatures = 2 AND NOT EXISTS (
    SELECT 1 FROM item_signatures WHERE item_id = NEW.item_id AND round = NEW.round AND kind = 'FIRST'
  ) THEN
    RAISE EXCEPTION 'the second signature follows the first' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION zhicha_guard_establish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM item_signatures WHERE item_id = NEW.id AND round = NEW.approval_round)
     < coalesce((SELECT signatures FROM item_proposals WHERE item_id = NEW.id AND round = NEW.approval_round), 2) THEN
    RAISE EXCEPTION 'an item is established by two signatures, or by the one that its rules ask for'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE item_method_amendments (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  reason text NOT NULL CHECK (reason <> ''),
  before jsonb NOT NULL,
  content jsonb NOT NULL,
  plan_ids uuid[] NOT NULL DEFAULT '{}',
  proposed_by uuid NOT NULL REFERENCES people (id),
  proposed_at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('APPROVED', 'REFUSED', 'WITHDRAWN')),
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  opinion text NOT NULL DEFAULT '',
  CHECK ((outcome IS NULL) = (decided_at IS NULL)),
  CHECK ((outcome IS NULL) = (decided_by IS NULL)),
  -- Nobody signs his own change.
  CHECK (outcome IS NULL OR outcome = 'WITHDRAWN' OR decided_by <> proposed_by)
);
CREATE UNIQUE INDEX item_method_amendments_open ON item_method_amendments (item_id) WHERE outcome IS NULL;
CREATE INDEX item_method_amendments_item ON item_method_amendments (item_id, proposed_at);
CREATE TRIGGER item_method_amendments_fixed BEFORE UPDATE ON item_method_amendments FOR EACH ROW WHEN (
  OLD.outcome IS NOT NULL OR (NEW.id, NEW.org_id, NEW.item_id, NEW.reason, NEW.before, NEW.content, NEW.plan_ids,
  NEW.proposed_by, NEW.proposed_at) IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.item_id, OLD.reason, OLD.before,
  OLD.content, OLD.plan_ids, OLD.proposed_by, OLD.proposed_at)) EXECUTE FUNCTION zhicha_refuse_change();
"""

TABLES = ("item_feedbacks", "item_method_amendments")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in TABLES:
            await run_sql(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
            )
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
