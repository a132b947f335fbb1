"""Orders for bundles of evidence: who took what out of the office, when and what for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T02:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "bundles of evidence that were made"

SQL = """
CREATE TABLE evidence_exports (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  scope text NOT NULL CHECK (scope IN ('capture', 'visit', 'case')),
  target_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose <> ''),
  personal boolean NOT NULL,
  made_by uuid NOT NULL REFERENCES people (id),
  made_at timestamptz NOT NULL,
  bundle bytea NOT NULL CHECK (octet_length(bundle) > 0),
  report bytea NOT NULL CHECK (octet_length(report) > 0),
  case_json bytea CHECK ((case_json IS NULL) = (scope <> 'case')),
  custody uuid[] NOT NULL,
  enrolments uuid[] NOT NULL
);
COMMENT ON COLUMN evidence_exports.bundle IS 'the table of contents (data/bundle.json), whose digest is in the log';
COMMENT ON COLUMN evidence_exports.custody IS 'journal entries of data/custody.jsonl in their order';
CREATE INDEX evidence_exports_newest ON evidence_exports (org_id, made_at DESC, id DESC);
CREATE INDEX evidence_exports_of ON evidence_exports (target_id, made_at DESC);
CREATE TRIGGER evidence_exports_append_only BEFORE UPDATE OR DELETE ON evidence_exports
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER evidence_exports_never_emptied BEFORE TRUNCATE ON evidence_exports
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
