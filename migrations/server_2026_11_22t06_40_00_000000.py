"""Accounts made by the product itself: first passwords, and roles that two persons give."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T06:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "first passwords, requests for roles"

SQL = """
-- Set by somebody else: good for choosing one's own, and for nothing besides.
ALTER TABLE people ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;

-- One asks, another decides; neither of them is the person whom it is about. LAPSED: the account was closed meanwhile.
CREATE TABLE role_requests (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL REFERENCES people (id),
  role text NOT NULL CHECK (role <> ''),
  ends boolean NOT NULL,
  asked_by uuid NOT NULL REFERENCES people (id),
  asked_at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('CONFIRMED', 'REFUSED', 'LAPSED')),
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  CHECK (asked_by <> person_id),
  CHECK (decided_by <> asked_by AND decided_by <> person_id OR outcome = 'LAPSED'),
  CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by IS NULL))
);
COMMENT ON COLUMN role_requests.ends IS 'asks that the role be taken away, not given';
CREATE UNIQUE INDEX role_requests_open ON role_requests (person_id, role) WHERE outcome IS NULL;
CREATE INDEX role_requests_person ON role_requests (person_id, asked_at);
CREATE INDEX people_newest ON people (org_id, created_at DESC, id DESC);

CREATE TRIGGER role_requests_kept BEFORE DELETE ON role_requests
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();
CREATE TRIGGER role_requests_never_emptied BEFORE TRUNCATE ON role_requests
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();
CREATE TRIGGER role_requests_fixed
  BEFORE UPDATE OF id, org_id, person_id, role, ends, asked_by, asked_at ON role_requests FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.person_id, NEW.role, NEW.ends, NEW.asked_by, NEW.asked_at)
    IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.person_id, OLD.role, OLD.ends, OLD.asked_by, OLD.asked_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER role_requests_decided_once
  BEFORE UPDATE OF outcome, decided_by, decided_at ON role_requests FOR EACH ROW
  WHEN (OLD.outcome IS NOT NULL) EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
