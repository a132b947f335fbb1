"""What outside bodies said of the log: time stamps (RFC 3161), renewals of them, cosignatures of witnesses."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "anchors and witnesses of the log"

SQL = """
-- That a time stamp of at least this many leaves is wanted, and why. Whether it was obtained follows from log_anchors.
CREATE TABLE log_anchor_wants (
  id uuid PRIMARY KEY,
  size bigint NOT NULL CHECK (size > 0),
  reason text NOT NULL CHECK (reason IN ('hourly', 'seal', 'decision', 'demand')),
  entry_id uuid UNIQUE,
  at timestamptz NOT NULL
);
CREATE INDEX log_anchor_wants_size ON log_anchor_wants (size);

-- The raw answer of an authority to the digest of a checkpoint's note, stored only when it verified.
CREATE TABLE log_anchors (
  id uuid PRIMARY KEY,
  size bigint NOT NULL REFERENCES log_checkpoints (size),
  tsa text NOT NULL CHECK (tsa <> ''),
  imprint bytea NOT NULL,
  token bytea NOT NULL CHECK (octet_length(token) BETWEEN 1 AND 262144),
  gen_time timestamptz NOT NULL,
  certificate_sha256 bytea NOT NULL CHECK (octet_length(certificate_sha256) = 32),
  certificate_until timestamptz NOT NULL CHECK (certificate_until >= gen_time),
  requested_for text[] NOT NULL CHECK (
    cardinality(requested_for) > 0 AND requested_for <@ ARRAY['hourly', 'seal', 'decision', 'demand']),
  at timestamptz NOT NULL,
  UNIQUE (tsa, size)
);
CREATE INDEX log_anchors_size ON log_anchors (size, gen_time);

CREATE FUNCTION zhicha_log_anchor_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.imprint IS DISTINCT FROM (
      SELECT sha256(convert_to(body || E'\\n' || signatures, 'UTF8')) FROM log_checkpoints WHERE size = NEW.size) THEN
    RAISE EXCEPTION 'this time stamp is of something else' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_anchors_fit BEFORE INSERT ON log_anchors FOR EACH ROW EXECUTE FUNCTION zhicha_log_anchor_fits();

-- One new token over the root of a tree of older ones.
CREATE TABLE log_renewals (
  id uuid PRIMARY KEY,
  tsa text NOT NULL CHECK (tsa <> ''),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  imprint bytea NOT NULL CHECK (imprint = sha256(root)),
  token bytea NOT NULL CHECK (octet_length(token) BETWEEN 1 AND 262144),
  gen_time timestamptz NOT NULL,
  certificate_sha256 bytea NOT NULL CHECK (octet_length(certificate_sha256) = 32),
  certificate_until timestamptz NOT NULL CHECK (certificate_until >= gen_time),
  at timestamptz NOT NULL
);

-- The leaves of that tree in their order; each is an anchor's token or that of an earlier renewal.
CREATE TABLE log_renewed (
  renewal_id uuid NOT NULL REFERENCES log_renewals (id),
  idx integer NOT NULL CHECK (idx >= 0),
  anchor_id uuid REFERENCES log_anchors (id),
  older_id uuid REFERENCES log_renewals (id) CHECK (older_id <> renewal_id),
  leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
  PRIMARY KEY (renewal_id, idx),
  CHECK (num_nonnulls(anchor_id, older_id) = 1)
);
CREATE UNIQUE INDEX log_renewed_anchor ON log_renewed (anchor_id) WHERE anchor_id IS NOT NULL;
CREATE UNIQUE INDEX log_renewed_older ON log_renewed (older_id) WHERE older_id IS NOT NULL;

-- What witnesses signed (C2SP tlog-cosignature); the line is added to the note as it came.
CREATE TABLE log_cosignatures (
  size bigint NOT NULL REFERENCES log_checkpoints (size),
  witness text NOT NULL CHECK (witness ~ '^[^[:space:]+]+$'),
  key_id bytea NOT NULL CHECK (octet_length(key_id) = 4),
  line text NOT NULL CHECK (line ~ '^— [^[:space:]+]+ [A-Za-z0-9+/=]+$' AND split_part(line, ' ', 2) = witness),
  signed_at timestamptz NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (size, witness, key_id)
);

-- Attempts that came to nothing. Kept for a while for those who run the installation; no proof rests on them.
CREATE TABLE log_outside_failures (
  id uuid PRIMARY KEY,
  party text NOT NULL CHECK (party IN ('tsa', 'witness')),
  name text NOT NULL,
  code text NOT NULL,
  detail text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX log_outside_failures_latest ON log_outside_failures (party, name, at DESC);
CREATE TRIGGER log_outside_failures_fixed BEFORE UPDATE ON log_outside_failures
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
"""

APPEND_ONLY = ("log_anchor_wants", "log_anchors", "log_renewals", "log_renewed", "log_cosignatures")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in APPEND_ONLY:
            await run_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();"
            )
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
