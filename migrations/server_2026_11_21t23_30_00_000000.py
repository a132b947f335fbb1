"""Slips, who they go to and who signed for them; the tasks of units; what units settle among themselves; contacts."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "slips, receipts, tasks of units, disagreements, contacts"

SQL = """
CREATE TABLE unit_contacts (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  kind text NOT NULL CHECK (kind IN ('LEADER', 'LIAISON')),
  person_id uuid NOT NULL REFERENCES people (id),
  phone text NOT NULL DEFAULT '',
  named_by uuid REFERENCES people (id),
  named_at timestamptz NOT NULL,
  ended_at timestamptz
);
-- One leader in charge and one liaison of a unit at a time (R24).
CREATE UNIQUE INDEX unit_contacts_one ON unit_contacts (unit_id, kind) WHERE ended_at IS NULL;
CREATE INDEX unit_contacts_org ON unit_contacts (org_id) WHERE ended_at IS NULL;

CREATE TABLE slips (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  series text NOT NULL CHECK (series IN ('TASK_NOTICE', 'TRACKING', 'COORDINATION', 'CANCELLATION', 'NOTICE')),
  state text NOT NULL DEFAULT 'DRAFT' CHECK (state IN ('DRAFT', 'ISSUED', 'WITHDRAWN', 'DISCARDED')),
  year integer,
  seq integer CHECK (seq > 0),
  mode text CHECK (mode IN ('FORWARD', 'JOINT', 'SELF')),
  mode_reason text NOT NULL DEFAULT '',
  channel text NOT NULL CHECK (channel IN ('WRITTEN', 'MEETING', 'TELEPHONE')),
  meeting text NOT NULL DEFAULT '',
  delivery text NOT NULL CHECK (delivery IN ('ONLINE', 'COURIER', 'CONFIDENTIAL', 'MAIL')),
  copies integer NOT NULL DEFAULT 1 CHECK (copies BETWEEN 1 AND 9999),
  phone_caller_id uuid REFERENCES people (id),
  phone_receiver text NOT NULL DEFAULT '',
  phone_at timestamptz,
  phone_content text NOT NULL DEFAULT '',
  confirm_in_writing boolean NOT NULL DEFAULT false,
  task text NOT NULL DEFAULT '',
  standard text NOT NULL DEFAULT '',
  limit_n integer CHECK (limit_n > 0),
  limit_unit text CHECK (limit_unit IN ('WORKING_DAYS', 'DAYS', 'HOURS')),
  limit_at timestamptz,
  milestone text NOT NULL DEFAULT '',
  obstacle text NOT NULL DEFAULT '',
  result text NOT NULL DEFAULT '',
  verifier_id uuid REFERENCES people (id),
  verified_on date,
  follow_up_id uuid REFERENCES people (id),
  due_at timestamptz,
  content jsonb,
  drafted_by uuid NOT NULL REFERENCES people (id),
  drafted_at timestamptz NOT NULL,
  issued_by uuid REFERENCES people (id),
  issued_at timestamptz,
  withdrawn_by uuid REFERENCES people (id),
  withdrawn_at timestamptz,
  withdraw_reason text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  CHECK ((limit_n IS NULL) = (limit_unit IS NULL)),
  CHECK (limit_n IS NULL OR limit_at IS NULL),
  -- A draft has no number; what was issued has one, whatever becomes of it (R104, S24).
  CHECK ((state IN ('DRAFT', 'DISCARDED')) = (seq IS NULL)),
  CHECK ((seq IS NULL) = (year IS NULL)),
  CHECK ((seq IS NULL) = (issued_by IS NULL)),
  CHECK ((seq IS NULL) = (issued_at IS NULL)),
  CHECK ((seq IS NULL) = (content IS NULL)),
  -- Who drafts does not sign (D6).
  CHECK (issued_by IS NULL OR issued_by <> drafted_by),
  -- No task notice without work standard and limit (R19).
  CHECK (series <> 'TASK_NOTICE' OR seq IS NULL
         OR (task <> '' AND standard <> '' AND due_at IS NOT NULL AND mode IS NOT NULL)),
  CHECK (channel <> 'TELEPHONE' OR seq IS NULL
         OR (phone_caller_id IS NOT NULL AND phone_receiver <> '' AND phone_at IS NOT NULL AND phone_content <> '')),
  CHECK ((state = 'WITHDRAWN') = (withdrawn_at IS NOT NULL)),
  UNIQUE (org_id, series, year, seq)
);
CREATE INDEX slips_item ON slips (item_id, series);
CREATE INDEX slips_newest ON slips (org_id, drafted_at DESC, id DESC);

CREATE TABLE slip_recipients (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  slip_id uuid NOT NULL REFERENCES slips (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  part text NOT NULL CHECK (part IN ('LEAD', 'ASSIST', 'SELF', 'COORDINATE', 'INFORM')),
  person_id uuid REFERENCES people (id),
  task text NOT NULL DEFAULT '',
  limit_n integer CHECK (limit_n > 0),
  limit_unit text CHECK (limit_unit IN ('WORKING_DAYS', 'DAYS', 'HOURS')),
  limit_at timestamptz,
  due_at timestamptz,
  position integer NOT NULL,
  issued_at timestamptz,
  state text NOT NULL DEFAULT 'LISTED'
    CHECK (state IN ('LISTED', 'PENDING', 'RECEIVED', 'REFUSED', 'ORDERED', 'RELEASED', 'WITHDRAWN')),
  signed_by uuid REFERENCES people (id),
  signed_at timestamptz,
  signed_words text NOT NULL DEFAULT '',
  refused_by uuid REFERENCES people (id),
  refused_at timestamptz,
  refusal text NOT NULL DEFAULT '',
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  upheld boolean,
  decision text NOT NULL DEFAULT '',
  CHECK ((limit_n IS NULL) = (limit_unit IS NULL)),
  CHECK ((state = 'LISTED') = (issued_at IS NULL)),
  CHECK ((state = 'RECEIVED') = (signed_at IS NOT NULL)),
  CHECK ((signed_by IS NULL) = (signed_at IS NULL)),
  CHECK ((refused_by IS NULL) = (refused_at IS NULL)),
  CHECK ((decided_at IS NULL) = (upheld IS NULL)),
  CHECK (refused_at IS NULL OR refusal <> ''),
  CHECK (decided_at IS NULL OR refused_at IS NOT NULL),
  UNIQUE (slip_id, unit_id)
);
CREATE UNIQUE INDEX slip_recipients_lead ON slip_recipients (slip_id) WHERE part IN ('LEAD', 'SELF');
CREATE INDEX slip_recipients_unit ON slip_recipients (unit_id, slip_id);
CREATE INDEX slip_recipients_unsigned ON slip_recipients (org_id, issued_at, id)
  WHERE state IN ('PENDING', 'REFUSED', 'ORDERED');

CREATE TABLE item_tasks (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  slip_id uuid NOT NULL REFERENCES slips (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  kind text NOT NULL CHECK (kind IN ('LEAD', 'ASSIST', 'COORDINATE')),
  person_id uuid NOT NULL REFERENCES people (id),
  state text NOT NULL CHECK (state IN ('ASSIGNED', 'ACCEPTED', 'INPUT_GIVEN', 'MERGED', 'ENDED')),
  due_at timestamptz,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  CHECK ((state = 'ENDED') = (ended_at IS NOT NULL)),
  UNIQUE (slip_id, unit_id)
);
CREATE UNIQUE INDEX item_tasks_lead ON item_tasks (item_id) WHERE kind = 'LEAD' AND ended_at IS NULL;
CREATE UNIQUE INDEX item_tasks_one ON item_tasks (item_id, unit_id) WHERE kind <> 'COORDINATE' AND ended_at IS NULL;
CREATE INDEX item_tasks_unit ON item_tasks (unit_id, item_id) WHERE ended_at IS NULL;
CREATE INDEX item_tasks_item ON item_tasks (item_id);

CREATE TABLE contributions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  task_id uuid NOT NULL REFERENCES item_tasks (id),
  unit_id uuid NOT NULL REFERENCES units (id),
  text text NOT NULL CHECK (text <> ''),
  given_by uuid NOT NULL REFERENCES people (id),
  given_at timestamptz NOT NULL
);
CREATE INDEX contributions_item ON contributions (item_id, given_at);

CREATE TABLE disagreements (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  subject text NOT NULL CHECK (subject <> ''),
  state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'SENT_UP', 'SETTLED')),
  raised_by uuid NOT NULL REFERENCES people (id),
  raised_unit_id uuid NOT NULL REFERENCES units (id),
  raised_at timestamptz NOT NULL,
  sent_up_by uuid REFERENCES people (id),
  sent_up_at timestamptz,
  settled_by uuid REFERENCES people (id),
  settled_at timestamptz,
  outcome text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  CHECK ((state = 'SETTLED') = (settled_at IS NOT NULL)),
  CHECK (state <> 'SETTLED' OR outcome <> ''),
  CHECK (state <> 'SENT_UP' OR sent_up_at IS NOT NULL)
);
CREATE INDEX disagreements_item ON disagreements (item_id, raised_at);
CREATE INDEX disagreements_open ON disagreements (org_id, raised_at) WHERE state <> 'SETTLED';

CREATE TABLE consultations (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  disagreement_id uuid NOT NULL REFERENCES disagreements (id),
  kind text NOT NULL CHECK (kind IN ('CONSULTATION', 'MEETING')),
  held_at timestamptz NOT NULL,
  chair_id uuid REFERENCES people (id),
  present uuid[] NOT NULL,
  absent_units uuid[] NOT NULL DEFAULT '{}',
  office_person_id uuid REFERENCES people (id),
  result text NOT NULL CHECK (result <> ''),
  recorded_by uuid NOT NULL REFERENCES people (id),
  recorded_at timestamptz NOT NULL,
  CHECK ((kind = 'MEETING') = (chair_id IS NOT NULL))
);
CREATE INDEX consultations_of ON consultations (disagreement_id, held_at);

-- An issued slip stays as it was signed; only its withdrawal is added.
CREATE FUNCTION zhicha_guard_slip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.org_id, NEW.item_id, NEW.series, NEW.drafted_by, NEW.drafted_at)
     IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.item_id, OLD.series, OLD.drafted_by, OLD.drafted_at) THEN
    RAISE EXCEPTION 'a slip keeps its item and its drafter' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.seq IS NOT NULL AND (to_jsonb(NEW) - '{state,withdrawn_by,withdrawn_at,withdraw_reason,version}'::text[])
     IS DISTINCT FROM (to_jsonb(OLD) - '{state,withdrawn_by,withdrawn_at,withdraw_reason,version}'::text[]) THEN
    RAISE EXCEPTION 'an issued slip cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state IN ('WITHDRAWN', 'DISCARDED') THEN
    RAISE EXCEPTION 'a slip that was withdrawn or discarded cannot be changed'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.seq IS NULL AND NEW.seq IS NOT NULL AND NEW.seq <> 1 + coalesce(
       (SELECT max(seq) FROM slips WHERE org_id = NEW.org_id AND series = NEW.series AND year = NEW.year), 0) THEN
    RAISE EXCEPTION 'numbers of a series have no gaps' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER slips_guard BEFORE UPDATE ON slips FOR EACH ROW EXECUTE FUNCTION zhicha_guard_slip();

CREATE FUNCTION zhicha_refuse_issued_slip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq IS NOT NULL OR NEW.state <> 'DRAFT' THEN
    RAISE EXCEPTION 'a slip begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER slips_begin BEFORE INSERT ON slips FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_issued_slip();

-- A recipient may be struck from a draft; once issued it stays, and what was signed, refused, decided stays too.
CREATE FUNCTION zhicha_guard_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.issued_at IS NOT NULL THEN
      RAISE EXCEPTION 'a recipient of an issued slip is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.issued_at IS NOT NULL AND
     (NEW.id, NEW.org_id, NEW.slip_id, NEW.unit_id, NEW.part, NEW.person_id, NEW.task, NEW.limit_n, NEW.limit_unit,
      NEW.limit_at, NEW.due_at, NEW.issued_at)
     IS DISTINCT FROM
     (OLD.id, OLD.org_id, OLD.slip_id, OLD.unit_id, OLD.part, OLD.person_id, OLD.task, OLD.limit_n, OLD.limit_unit,
      OLD.limit_at, OLD.due_at, OLD.issued_at) THEN
    RAISE EXCEPTION 'a recipient of an issued slip cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.signed_at IS NOT NULL AND (NEW.signed_by, NEW.signed_at, NEW.signed_words)
        IS DISTINCT FROM (OLD.signed_by, OLD.signed_at, OLD.signed_words))
     OR (OLD.refused_at IS NOT NULL AND (NEW.refused_by, NEW.refused_at, NEW.refusal)
        IS DISTINCT FROM (OLD.refused_by, OLD.refused_at, OLD.refusal))
     OR (OLD.decided_at IS NOT NULL AND (NEW.decided_by, NEW.decided_at, NEW.upheld, NEW.decision)
        IS DISTINCT FROM (OLD.decided_by, OLD.decided_at, OLD.upheld, OLD.decision)) THEN
    RAISE EXCEPTION 'a signature, refusal or decision stays' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER slip_recipients_guard BEFORE UPDATE OR DELETE ON slip_recipients
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_recipient();

CREATE FUNCTION zhicha_guard_disagreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'SETTLED' OR (NEW.id, NEW.org_id, NEW.item_id, NEW.subject, NEW.raised_by, NEW.raised_unit_id, NEW.raised_at)
     IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.item_id, OLD.subject, OLD.raised_by, OLD.raised_unit_id, OLD.raised_at) THEN
    RAISE EXCEPTION 'a disagreement stays as it was raised and settled' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  -- Nothing goes upward before the principal leaders have spoken with each other (R46).
  IF NEW.state = 'SENT_UP' AND NOT EXISTS (SELECT 1 FROM consultations WHERE disagreement_id = NEW.id) THEN
    RAISE EXCEPTION 'no disagreement is sent up without a consultation' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disagreements_guard BEFORE UPDATE ON disagreements
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_disagreement();

CREATE TRIGGER unit_contacts_fixed
  BEFORE UPDATE OF id, org_id, unit_id, kind, person_id, phone, named_by, named_at ON unit_contacts FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.unit_id, NEW.kind, NEW.person_id, NEW.phone, NEW.named_by, NEW.named_at)
    IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.unit_id, OLD.kind, OLD.person_id, OLD.phone, OLD.named_by, OLD.named_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER item_tasks_fixed
  BEFORE UPDATE OF id, org_id, item_id, slip_id, unit_id, kind, created_at ON item_tasks FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.item_id, NEW.slip_id, NEW.unit_id, NEW.kind, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.item_id, OLD.slip_id, OLD.unit_id, OLD.kind, OLD.created_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER item_tasks_ended BEFORE UPDATE ON item_tasks FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
  EXECUTE FUNCTION zhicha_refuse_change();
"""

APPEND_ONLY = ("contributions", "consultations")
NEVER_DELETED = ("unit_contacts", "slips", "item_tasks", "disagreements")
NEVER_EMPTIED = (*APPEND_ONLY, *NEVER_DELETED, "slip_recipients")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in APPEND_ONLY:
            await run_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change()"
            )
        for table in NEVER_DELETED:
            await run_sql(
                f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal()"
            )
        for table in NEVER_EMPTIED:
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal()"
            )

    manager.add_raw(run)
    return manager
