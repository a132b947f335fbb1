"""Guards of the ledger, of acts on visits, of findings and of cited captures."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T19:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "guards of register numbers, acts on visits and cited captures"

SQL = """
-- The register is gap-free because the next number is the highest plus one and no row ever leaves the ledger.
CREATE FUNCTION zhicha_refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER items_kept BEFORE DELETE ON items FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();
ALTER TABLE items ADD CHECK (register_seq > 0);
CREATE INDEX items_source_ref ON items (org_id, source_ref) WHERE source_ref <> '';
CREATE INDEX items_unit ON items (org_id, handling_unit_id, created_at DESC, id DESC);

ALTER TABLE visits ADD CHECK (title <> '');
ALTER TABLE visits ADD CHECK (approver_id <> created_by);
ALTER TABLE visits ADD CHECK (method IN ('OVERT', 'COVERT', 'ON_SITE', 'WALK_THROUGH', 'SYMPOSIUM'));
ALTER TABLE visits ADD CHECK (ends_at IS NULL OR starts_at < ends_at);
ALTER TABLE visits ADD CHECK (released_at IS NULL OR state IN ('RELEASED', 'REPORTED', 'FILED'));
ALTER TABLE visits ADD FOREIGN KEY (object_unit_id) REFERENCES units (id);
ALTER TABLE visit_members ADD CHECK (role IN ('LEADER', 'MEMBER'));

ALTER TABLE visit_steps ADD FOREIGN KEY (visit_id) REFERENCES visits (id);
CREATE INDEX visit_steps_visit ON visit_steps (visit_id, received_at);
CREATE TRIGGER visit_steps_append_only BEFORE UPDATE OR DELETE ON visit_steps
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();

ALTER TABLE finding_captures ADD FOREIGN KEY (finding_id) REFERENCES findings (id);
ALTER TABLE finding_captures ADD FOREIGN KEY (capture_id) REFERENCES captures (id);
ALTER TABLE cases ADD FOREIGN KEY (item_id) REFERENCES items (id);
ALTER TABLE cases ADD CHECK (title <> '');
ALTER TABLE case_findings ADD FOREIGN KEY (case_id) REFERENCES cases (id);
ALTER TABLE case_findings ADD FOREIGN KEY (finding_id) REFERENCES findings (id);
ALTER TABLE case_evidence ADD FOREIGN KEY (case_id) REFERENCES cases (id);
ALTER TABLE case_evidence ADD FOREIGN KEY (capture_id) REFERENCES captures (id);
ALTER TABLE case_evidence ADD CHECK (octet_length(statement_sha256) = 32);

-- What a case cites stays: citing locks the capture's row, so a discard at the same moment waits and then fails here.
CREATE FUNCTION zhicha_guard_cited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.discarded_at IS NOT NULL AND OLD.discarded_at IS NULL AND EXISTS (
    SELECT 1 FROM case_evidence WHERE capture_id = NEW.id AND withdrawn_at IS NULL
  ) THEN
    RAISE EXCEPTION 'a cited capture cannot be discarded'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'captures_cited';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER captures_cited BEFORE UPDATE OF discarded_at ON captures
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_cited();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
