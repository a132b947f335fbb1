"""The transparency log: what waits for it, its leaves, its tree, its checkpoints and its keys."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "transparency log"

SQL = """
-- Written in the transaction of the act itself; the sequencer turns it into leaves and deletes it.
CREATE TABLE log_pending (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL,
  leaves bytea[] NOT NULL CHECK (cardinality(leaves) > 0 AND array_position(leaves, NULL) IS NULL),
  at timestamptz NOT NULL
);

-- One log for the installation: an organisation's share of it is told by nothing in it.
CREATE TABLE log_leaves (
  idx bigint PRIMARY KEY CHECK (idx >= 0),
  leaf_hash bytea NOT NULL UNIQUE CHECK (leaf_hash = sha256('\\x00'::bytea || leaf)),
  leaf bytea NOT NULL CHECK (octet_length(leaf) BETWEEN 1 AND 65535),
  at timestamptz NOT NULL
);

-- Hashes of complete subtrees of 2^level leaves, for every fourth level: the rest is folded when it is needed.
CREATE TABLE log_nodes (
  level smallint NOT NULL CHECK (level BETWEEN 4 AND 60 AND level % 4 = 0),
  idx bigint NOT NULL CHECK (idx >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, idx)
);

-- What the log signed (C2SP tlog-checkpoint): the body and below it the signature lines.
CREATE TABLE log_checkpoints (
  size bigint PRIMARY KEY CHECK (size > 0),
  origin text NOT NULL CHECK (origin ~ '^[^[:space:]+]+$'),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  body text NOT NULL,
  signatures text NOT NULL CHECK (signatures ~ '^(— [^[:space:]+]+ [A-Za-z0-9+/=]+\\n)+$'),
  at timestamptz NOT NULL,
  CHECK (body = origin || E'\\n' || size || E'\\n' || encode(root, 'base64') || E'\\n')
);

-- Which of them everybody may see.
CREATE TABLE log_publications (
  size bigint PRIMARY KEY REFERENCES log_checkpoints (size),
  at timestamptz NOT NULL
);

-- The log's keys in their order; the secret halves lie with the installation's other secrets.
CREATE TABLE log_keys (
  n smallint PRIMARY KEY CHECK (n > 0),
  origin text NOT NULL CHECK (origin ~ '^[^[:space:]+]+$'),
  vkey text NOT NULL UNIQUE,
  made_at timestamptz NOT NULL,
  asked_by uuid REFERENCES people (id),
  confirmed_by uuid REFERENCES people (id),
  CHECK ((n = 1) = (asked_by IS NULL)),
  CHECK ((n = 1) = (confirmed_by IS NULL)),
  CHECK (asked_by <> confirmed_by)
);

CREATE FUNCTION zhicha_log_without_gap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  first bigint; last bigint; n bigint;
BEGIN
  SELECT min(idx), max(idx), count(*) INTO first, last, n FROM added;
  IF n > 0 AND (last - first + 1 <> n
      OR (first > 0 AND NOT EXISTS (SELECT 1 FROM log_leaves WHERE idx = first - 1))) THEN
    RAISE EXCEPTION 'leaves follow each other without a gap' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER log_leaves_without_gap AFTER INSERT ON log_leaves REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_log_without_gap();

-- What waits may leave only into the log.
CREATE FUNCTION zhicha_log_pending_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM gone, unnest(gone.leaves) AS u (leaf)
             WHERE NOT EXISTS (SELECT 1 FROM log_leaves l WHERE l.leaf_hash = sha256('\\x00'::bytea || u.leaf))) THEN
    RAISE EXCEPTION 'this is not in the log yet' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER log_pending_logged AFTER DELETE ON log_pending REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_log_pending_logged();
CREATE TRIGGER log_pending_fixed BEFORE UPDATE ON log_pending
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
"""

APPEND_ONLY = ("log_leaves", "log_nodes", "log_checkpoints", "log_publications", "log_keys")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in APPEND_ONLY:
            await run_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();"
            )
        for table in (*APPEND_ONLY, "log_pending"):
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
