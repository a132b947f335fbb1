"""Files handed in, and the trail of an item: every act on it, the signatures under it, what was proposed and instructed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "attachments, item steps, signatures, proposals and instructions"

TABLES = """
CREATE TABLE attachments (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  name text NOT NULL CHECK (name <> ''),
  media_type text NOT NULL,
  bytes integer NOT NULL CHECK (bytes > 0),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  uploaded_by uuid NOT NULL REFERENCES people (id),
  uploaded_at timestamptz NOT NULL
);

CREATE TABLE item_steps (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  act text NOT NULL CHECK (act <> ''),
  from_state text,
  to_state text NOT NULL,
  actor_id uuid REFERENCES people (id),
  at timestamptz NOT NULL,
  opinion text NOT NULL DEFAULT '',
  attachment_id uuid REFERENCES attachments (id),
  data jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX item_steps_item ON item_steps (item_id, at, id);

-- What was proposed and sent up for approval, as it was then; the item itself carries the newest.
CREATE TABLE item_proposals (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  round integer NOT NULL CHECK (round > 0),
  proposed_by uuid NOT NULL REFERENCES people (id),
  submitted_by uuid NOT NULL REFERENCES people (id),
  submitted_at timestamptz NOT NULL,
  content jsonb NOT NULL,
  UNIQUE (item_id, round)
);

-- R13: two separate records by two persons; UNIQUE decides between two who sign at once.
CREATE TABLE item_signatures (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  round integer NOT NULL CHECK (round > 0),
  kind text NOT NULL CHECK (kind IN ('FIRST', 'SECOND')),
  signer_id uuid NOT NULL REFERENCES people (id),
  signed_at timestamptz NOT NULL,
  opinion text NOT NULL DEFAULT '',
  UNIQUE (item_id, round, kind),
  UNIQUE (item_id, round, signer_id),
  FOREIGN KEY (item_id, round) REFERENCES item_proposals (item_id, round)
);

-- R4: 批示. A correction replaces an earlier record, which stays.
CREATE TABLE item_instructions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  replaces_id uuid UNIQUE REFERENCES item_instructions (id),
  leader_name text NOT NULL CHECK (leader_name <> ''),
  leader_level text NOT NULL,
  leader_person_id uuid REFERENCES people (id),
  instructed_on date NOT NULL,
  wording text NOT NULL CHECK (wording <> ''),
  attachment_id uuid REFERENCES attachments (id),
  recorded_by uuid NOT NULL REFERENCES people (id),
  recorded_at timestamptz NOT NULL
);
CREATE INDEX item_instructions_item ON item_instructions (item_id);
CREATE INDEX item_instructions_same ON item_instructions (org_id, instructed_on, leader_name);

CREATE TABLE item_attachments (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  attachment_id uuid NOT NULL REFERENCES attachments (id),
  kind text NOT NULL CHECK (kind IN ('INSTRUCTION', 'SOURCE', 'PLAN', 'OTHER')),
  added_by uuid NOT NULL REFERENCES people (id),
  added_at timestamptz NOT NULL,
  UNIQUE (item_id, attachment_id, kind)
);

ALTER TABLE items
  ADD COLUMN late_reason text NOT NULL DEFAULT '',
  ADD COLUMN same_source_reason text NOT NULL DEFAULT '',
  ADD COLUMN proposal_text text NOT NULL DEFAULT '',
  ADD COLUMN proposed_by uuid REFERENCES people (id),
  ADD COLUMN submitted_by uuid REFERENCES people (id),
  ADD COLUMN submitted_at timestamptz,
  ADD COLUMN assist_unit_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN method_channels text[] NOT NULL DEFAULT '{}',
  ADD COLUMN method_visits boolean,
  ADD COLUMN method_note text NOT NULL DEFAULT '',
  ADD CHECK (merged_into_id IS NULL OR (merged_into_id <> id AND state = 'MERGED')),
  ADD CHECK (handling_unit_id IS NULL OR NOT handling_unit_id = ANY (assist_unit_ids)),
  ADD CHECK (approval_round > 0);
CREATE INDEX items_order ON items (org_id, immediate DESC, created_at DESC, id DESC);
CREATE INDEX items_merged ON items (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX items_decision ON items (org_id, decision_id) WHERE decision_id IS NOT NULL;
"""

# Nothing of these is ever changed or removed.
APPEND_ONLY = (
    "attachments",
    "item_steps",
    "item_proposals",
    "item_signatures",
    "item_instructions",
    "item_attachments",
)

GUARDS = """
-- Nobody approves his own proposal; a signature stands under the round that is being approved (R13, D1.4, D1.5).
CREATE FUNCTION zhicha_guard_signature() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NEW.kind = 'SECOND' AND NOT EXISTS (
    SELECT 1 FROM item_signatures WHERE item_id = NEW.item_id AND round = NEW.round AND kind = 'FIRST'
  ) THEN
    RAISE EXCEPTION 'the second signature follows the first' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER item_signatures_guard BEFORE INSERT ON item_signatures
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_signature();

-- No item under approval becomes official without both signatures of the round (R13, R14).
CREATE FUNCTION zhicha_guard_establish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM item_signatures WHERE item_id = NEW.id AND round = NEW.approval_round) < 2 THEN
    RAISE EXCEPTION 'an item is established by two signatures' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER items_established BEFORE UPDATE OF state ON items
  FOR EACH ROW WHEN (OLD.state = 'UNDER_APPROVAL' AND NEW.state = 'ESTABLISHED')
  EXECUTE FUNCTION zhicha_guard_establish();

-- The number under which a matter was registered, and when, stay for ever (R1, R2).
CREATE TRIGGER items_number_fixed
  BEFORE UPDATE OF id, org_id, register_year, register_seq, received_at, registered_by, created_at ON items
  FOR EACH ROW WHEN (
    (NEW.id, NEW.org_id, NEW.register_year, NEW.register_seq, NEW.received_at, NEW.registered_by, NEW.created_at)
    IS DISTINCT FROM
    (OLD.id, OLD.org_id, OLD.register_year, OLD.register_seq, OLD.received_at, OLD.registered_by, OLD.created_at)
  ) EXECUTE FUNCTION zhicha_refuse_change();
-- What was merged stays merged, rounds only go on.
CREATE TRIGGER items_merged_once BEFORE UPDATE OF merged_into_id ON items
  FOR EACH ROW WHEN (OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id)
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER items_rounds BEFORE UPDATE OF approval_round ON items
  FOR EACH ROW WHEN (NEW.approval_round < OLD.approval_round) EXECUTE FUNCTION zhicha_refuse_change();
"""


def statements() -> list[str]:
    """Tables, then their guards, as SQL."""
    return [
        TABLES,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();"
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            for table in APPEND_ONLY
        ),
        GUARDS,
    ]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        for sql in statements():
            await run_sql(sql)

    manager.add_raw(run)
    return manager
