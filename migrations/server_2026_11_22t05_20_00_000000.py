"""Alarms of whatever kind that people are told of, forks of chains with their proof, counters of passkeys."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T05:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "alarms of all kinds, forks of chains, counters of passkeys"

SQL = """
-- Phones raised alarms so far. Now also: what the installation itself finds, then without a person.
ALTER TABLE log_alarms DROP CONSTRAINT log_alarms_kind_check;
ALTER TABLE log_alarms
  ALTER COLUMN person_id DROP NOT NULL,
  ADD COLUMN capture_id uuid REFERENCES captures (id),
  ADD COLUMN witness text NOT NULL DEFAULT '',
  ADD CHECK (kind IN ('INCONSISTENT', 'KEY_CHANGED', 'PROMISE_BROKEN', 'PROOF_WRONG', 'CHAIN_FORK',
    'ORIGINAL_DIFFERS', 'SPLIT_VIEW', 'LOG_BROKEN', 'ACT_MISSING')),
  ADD CHECK (person_id IS NOT NULL OR kind NOT IN ('INCONSISTENT', 'KEY_CHANGED', 'PROMISE_BROKEN', 'PROOF_WRONG')),
  ADD CHECK ((kind = 'CHAIN_FORK') <= (device_id IS NOT NULL)),
  ADD CHECK ((kind = 'ORIGINAL_DIFFERS') = (capture_id IS NOT NULL)),
  ADD CHECK ((kind = 'SPLIT_VIEW') = (witness <> ''));
CREATE INDEX notices_alarms ON notices (org_id, kind, created_at) WHERE subject_kind = 'log_alarm' AND read_at IS NULL;

-- What a key signed beside what stands: the exact bytes of the refused statement, once, a few of each chain.
CREATE TABLE chain_forks (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  device_id uuid NOT NULL REFERENCES devices (id),
  session_id uuid NOT NULL REFERENCES capture_sessions (id),
  person_id uuid NOT NULL REFERENCES people (id),
  kind text NOT NULL CHECK (kind IN ('PLACE', 'LINK', 'KEY')),
  seq int NOT NULL CHECK (seq >= 0 AND (kind = 'KEY') = (seq = 0)),
  stands_sha256 bytea NOT NULL CHECK (octet_length(stands_sha256) = 32),
  statement bytea NOT NULL,
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  statement_sha256 bytea NOT NULL CHECK (statement_sha256 = sha256(statement)),
  received_at timestamptz NOT NULL,
  CHECK (stands_sha256 <> statement_sha256),
  UNIQUE (session_id, statement_sha256)
);
COMMENT ON COLUMN chain_forks.session_id IS 'the chain that stands';
COMMENT ON COLUMN chain_forks.person_id IS 'who delivered it';
COMMENT ON COLUMN chain_forks.kind IS 'another statement has its PLACE; it LINKs to another past; its KEY opened a chain';
CREATE INDEX chain_forks_device ON chain_forks (device_id, received_at DESC, id DESC);
CREATE TRIGGER chain_forks_append_only BEFORE UPDATE OR DELETE ON chain_forks
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER chain_forks_never_emptied BEFORE TRUNCATE ON chain_forks
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();

-- The counter of a passkey (WebAuthn L2, 6.1.1): the largest that was seen, and which assertions did not exceed it.
ALTER TABLE passkeys ADD COLUMN sign_count bigint NOT NULL DEFAULT 0 CHECK (sign_count BETWEEN 0 AND 4294967295);
ALTER TABLE passkey_assertions ADD COLUMN counter_stood boolean NOT NULL DEFAULT false;
CREATE INDEX passkey_assertions_stood ON passkey_assertions (id) WHERE counter_stood;
UPDATE passkeys k SET sign_count = coalesce((SELECT
  max(('x' || encode(substring(a.authenticator_data FROM 34 FOR 4), 'hex'))::bit(32)::bigint)
  FROM passkey_assertions a WHERE a.passkey_id = k.id AND a.problem = ''), 0);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
