"""Calendars and rule packs: every version stays as it was laid down, and a leader other than its author enacts it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "versions of calendars and rule packs"

TABLES = """
CREATE TABLE calendar_versions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  year integer NOT NULL CHECK (year BETWEEN 2000 AND 2199),
  region text NOT NULL DEFAULT '',
  version integer NOT NULL CHECK (version > 0),
  source text NOT NULL CHECK (source <> ''),
  off jsonb NOT NULL CHECK (jsonb_typeof(off) = 'array'),
  work jsonb NOT NULL CHECK (jsonb_typeof(work) = 'array'),
  imported_by uuid NOT NULL REFERENCES people (id),
  imported_at timestamptz NOT NULL,
  enacted_by uuid REFERENCES people (id),
  enacted_at timestamptz,
  rejected_by uuid REFERENCES people (id),
  rejected_at timestamptz,
  rejected_why text NOT NULL DEFAULT '',
  CHECK ((enacted_by IS NULL) = (enacted_at IS NULL)),
  CHECK ((rejected_by IS NULL) = (rejected_at IS NULL)),
  CHECK (enacted_by IS NULL OR rejected_by IS NULL),
  CHECK (enacted_by <> imported_by),
  UNIQUE (org_id, year, region, version)
);
CREATE TABLE rule_pack_versions (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  pack_id text NOT NULL CHECK (pack_id ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  version integer NOT NULL CHECK (version > 0),
  shipped boolean NOT NULL,
  text text NOT NULL,
  state text NOT NULL CHECK (state IN ('DRAFT', 'SUBMITTED', 'ENACTED', 'WITHDRAWN')),
  drafters uuid[] NOT NULL CHECK (cardinality(drafters) > 0),
  drafted_by uuid NOT NULL REFERENCES people (id),
  drafted_at timestamptz NOT NULL,
  submitted_by uuid REFERENCES people (id),
  submitted_at timestamptz,
  returned_why text NOT NULL DEFAULT '',
  enacted_by uuid REFERENCES people (id),
  enacted_at timestamptz,
  in_force_from date,
  revision integer NOT NULL DEFAULT 1,
  CHECK (shipped = (text = '')),
  CHECK ((state = 'ENACTED') = (enacted_at IS NOT NULL)),
  CHECK ((enacted_at IS NULL) = (enacted_by IS NULL)),
  CHECK ((enacted_at IS NULL) = (in_force_from IS NULL)),
  CHECK (enacted_by <> ALL (drafters)),
  CHECK (state <> 'SUBMITTED' OR submitted_at IS NOT NULL)
);
CREATE UNIQUE INDEX rule_pack_versions_own ON rule_pack_versions (org_id, pack_id, version) WHERE NOT shipped;
CREATE INDEX rule_pack_versions_force ON rule_pack_versions (org_id, in_force_from DESC, enacted_at DESC)
  WHERE state = 'ENACTED';
"""

GUARDS = [
    *(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();"
        for table in ("calendar_versions", "rule_pack_versions")
    ),
    *(
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
        for table in ("calendar_versions", "rule_pack_versions")
    ),
    # What was imported stays; it is enacted or refused once.
    "CREATE TRIGGER calendar_versions_fixed BEFORE UPDATE ON calendar_versions FOR EACH ROW WHEN ("
    "(NEW.id, NEW.org_id, NEW.year, NEW.region, NEW.version, NEW.source, NEW.off, NEW.work, NEW.imported_by,"
    " NEW.imported_at) IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.year, OLD.region, OLD.version, OLD.source, OLD.off,"
    " OLD.work, OLD.imported_by, OLD.imported_at) OR OLD.enacted_at IS NOT NULL OR OLD.rejected_at IS NOT NULL)"
    " EXECUTE FUNCTION zhicha_refuse_change();",
    # A pack in force or withdrawn is past; one laid before a leader is not reworded under his eyes.
    "CREATE TRIGGER rule_pack_versions_past BEFORE UPDATE ON rule_pack_versions FOR EACH ROW WHEN ("
    "OLD.state IN ('ENACTED', 'WITHDRAWN')) EXECUTE FUNCTION zhicha_refuse_change();",
    "CREATE TRIGGER rule_pack_versions_laid BEFORE UPDATE ON rule_pack_versions FOR EACH ROW WHEN ("
    "OLD.state <> 'DRAFT' AND (NEW.text, NEW.drafters) IS DISTINCT FROM (OLD.text, OLD.drafters))"
    " EXECUTE FUNCTION zhicha_refuse_change();",
    "CREATE TRIGGER rule_pack_versions_fixed BEFORE UPDATE ON rule_pack_versions FOR EACH ROW WHEN ("
    "(NEW.id, NEW.org_id, NEW.pack_id, NEW.version, NEW.shipped, NEW.drafted_by, NEW.drafted_at) IS DISTINCT FROM"
    " (OLD.id, OLD.org_id, OLD.pack_id, OLD.version, OLD.shipped, OLD.drafted_by, OLD.drafted_at))"
    " EXECUTE FUNCTION zhicha_refuse_change();",
]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(TABLES)
        for sql in GUARDS:
            await run_sql(sql)

    manager.add_raw(run)
    return manager
