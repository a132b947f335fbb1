"""Two persons for each phone, passkeys, what a chain says beside captures, and what happened to originals since."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "confirmed and revoked devices, passkeys, discards, notes, cosignatures, alarms, views, rehashing"

SQL = """
-- A phone is enrolled by its owner and confirmed by another; revoked when one asks for it and another confirms.
ALTER TABLE devices
  ADD COLUMN confirmed_by uuid REFERENCES people (id),
  ADD COLUMN confirmed_at timestamptz,
  ADD COLUMN revocation_asked_by uuid REFERENCES people (id),
  ADD COLUMN revocation_asked_at timestamptz,
  ADD COLUMN revocation_reason text NOT NULL DEFAULT '',
  ADD COLUMN revoked_by uuid REFERENCES people (id);
UPDATE devices SET revocation_asked_at = revoked_at, revocation_asked_by = person_id WHERE revoked_at IS NOT NULL;
ALTER TABLE devices
  ADD CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  ADD CHECK (confirmed_by <> person_id),
  ADD CHECK ((revocation_asked_by IS NULL) = (revocation_asked_at IS NULL)),
  ADD CHECK (revoked_at IS NULL OR revocation_asked_at IS NOT NULL),
  ADD CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL),
  ADD CHECK (revoked_by <> revocation_asked_by);
CREATE INDEX devices_newest ON devices (org_id, enrolled_at DESC, id DESC);

CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL REFERENCES people (id),
  credential_id bytea NOT NULL CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
  spki bytea NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  transports text NOT NULL DEFAULT '',
  synced boolean NOT NULL,
  made_at timestamptz NOT NULL,
  removed_at timestamptz
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_person ON passkeys (person_id, made_at);

-- What stood beside a session/1 or seal/1: kept as it came, whatever it is worth; `problem` is empty when it holds.
CREATE TABLE passkey_assertions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  statement_sha256 bytea NOT NULL CHECK (octet_length(statement_sha256) = 32),
  passkey_id uuid REFERENCES passkeys (id),
  credential_id bytea NOT NULL,
  authenticator_data bytea NOT NULL,
  client_data_json bytea NOT NULL,
  signature bytea NOT NULL,
  user_verified boolean NOT NULL,
  problem text NOT NULL,
  at timestamptz NOT NULL
);
COMMENT ON COLUMN passkey_assertions.id IS 'id of the statement that it stood beside';

-- The act is always in the chain; whether it had its effect is said here.
CREATE TABLE discards (
  id uuid PRIMARY KEY REFERENCES statements (id),
  org_id uuid NOT NULL REFERENCES organisations (id),
  session_id uuid NOT NULL REFERENCES capture_sessions (id),
  capture_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES people (id),
  outcome text NOT NULL CHECK (outcome IN ('VOID', 'CITED', 'UNKNOWN')),
  reason text NOT NULL,
  wall_ms bigint NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX discards_capture ON discards (capture_id, received_at);

CREATE TABLE field_notes (
  id uuid PRIMARY KEY REFERENCES statements (id),
  org_id uuid NOT NULL REFERENCES organisations (id),
  session_id uuid NOT NULL REFERENCES capture_sessions (id),
  visit_id uuid NOT NULL REFERENCES visits (id),
  capture_id uuid,
  person_id uuid NOT NULL REFERENCES people (id),
  text text,
  wall_ms bigint NOT NULL,
  received_at timestamptz NOT NULL
);
COMMENT ON COLUMN field_notes.text IS 'NULL when the private part was withheld';
CREATE INDEX field_notes_capture ON field_notes (capture_id, received_at) WHERE capture_id IS NOT NULL;
CREATE INDEX field_notes_visit ON field_notes (visit_id, received_at);

CREATE TABLE cosignatures (
  id uuid PRIMARY KEY REFERENCES statements (id),
  org_id uuid NOT NULL REFERENCES organisations (id),
  session_id uuid NOT NULL REFERENCES capture_sessions (id),
  visit_id uuid NOT NULL REFERENCES visits (id),
  seal_sha256 bytea NOT NULL CHECK (octet_length(seal_sha256) = 32),
  party text NOT NULL CHECK (party IN ('OFFICER', 'UNIT')),
  outcome text NOT NULL CHECK (outcome IN ('SIGNED', 'REFUSED')),
  name text,
  post text,
  reason text,
  cosigner_id uuid,
  wall_ms bigint NOT NULL,
  received_at timestamptz NOT NULL
);
COMMENT ON COLUMN cosignatures.name IS 'NULL when the private part was withheld';
CREATE INDEX cosignatures_seal ON cosignatures (seal_sha256);
CREATE INDEX cosignatures_visit ON cosignatures (visit_id, received_at);

CREATE TABLE log_alarms (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid NOT NULL REFERENCES people (id),
  device_id uuid REFERENCES devices (id),
  kind text NOT NULL CHECK (kind IN ('INCONSISTENT', 'KEY_CHANGED', 'PROMISE_BROKEN', 'PROOF_WRONG')),
  text text NOT NULL,
  raised_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL
);
CREATE INDEX log_alarms_newest ON log_alarms (org_id, received_at DESC, id DESC);

-- Who opened an original; the first time of each day is an entry of the journal.
CREATE TABLE original_views (
  org_id uuid NOT NULL REFERENCES organisations (id),
  capture_id uuid NOT NULL REFERENCES captures (id),
  person_id uuid NOT NULL REFERENCES people (id),
  day date NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (capture_id, person_id, day)
);

-- A month's reading of every original; it goes on where it was interrupted.
CREATE TABLE rehash_runs (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  month date NOT NULL,
  started_at timestamptz NOT NULL,
  after_id uuid NOT NULL,
  checked bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  differing bigint NOT NULL DEFAULT 0,
  missing bigint NOT NULL DEFAULT 0,
  finished_at timestamptz,
  UNIQUE (org_id, month)
);
CREATE INDEX originals_reread ON originals (org_id, id) WHERE received_at IS NOT NULL;
"""

APPEND_ONLY = ("passkey_assertions", "discards", "field_notes", "cosignatures", "log_alarms", "original_views")
KEPT = ("devices", "passkeys", "rehash_runs")

FIXED = {
    "devices": "id, org_id, person_id, enrolled_at",
    "passkeys": "id, org_id, person_id, credential_id, spki, synced, made_at",
    "rehash_runs": "id, org_id, month, started_at",
}
ONCE = {
    "devices": ("confirmed_by", "confirmed_at", "revoked_by", "revoked_at"),
    "passkeys": ("removed_at",),
    "rehash_runs": ("finished_at",),
}


def _row(columns: str, side: str) -> str:
    return "(" + ", ".join(f"{side}.{column.strip()}" for column in columns.split(",")) + ")"


def guards() -> list[str]:
    """Triggers that refuse what must never be."""
    return [
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();"
            for table in APPEND_ONLY
        ),
        *(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
            for table in KEPT
        ),
        *(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            for table in (*APPEND_ONLY, *KEPT)
        ),
        *(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW"
            f" WHEN ({_row(columns, 'NEW')} IS DISTINCT FROM {_row(columns, 'OLD')})"
            " EXECUTE FUNCTION zhicha_refuse_change();"
            for table, columns in FIXED.items()
        ),
        *(
            f"CREATE TRIGGER {table}_{column}_once BEFORE UPDATE OF {column} ON {table} FOR EACH ROW"
            f" WHEN (OLD.{column} IS NOT NULL AND NEW.{column} IS DISTINCT FROM OLD.{column})"
            " EXECUTE FUNCTION zhicha_refuse_change();"
            for table, columns in ONCE.items()
            for column in columns
        ),
    ]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for sql in guards():
            await run_sql(sql)

    manager.add_raw(run)
    return manager
