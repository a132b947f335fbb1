"""Keys, indexes and triggers that Piccolo cannot declare, and the job queue's own tables."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

from server.kit.ddl import run_sql

ID = "2026-11-21T19:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "keys, indexes, append-only guards, job queue"

APPEND_ONLY = ("journal_entries", "statements", "reviews", "comments", "derivatives", "feed_changes", "commands")

SQL = """
CREATE FUNCTION zhicha_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- An original is written once; its receipt is filled in once. Nothing replaces, moves or deletes it.
CREATE FUNCTION zhicha_guard_original() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'originals are never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.id, NEW.org_id, NEW.capture_id, NEW.position, NEW.sha256, NEW.bytes, NEW.media_type, NEW.source)
     IS DISTINCT FROM
     (OLD.id, OLD.org_id, OLD.capture_id, OLD.position, OLD.sha256, OLD.bytes, OLD.media_type, OLD.source)
     OR (OLD.received_at IS NOT NULL AND NEW.received_at IS DISTINCT FROM OLD.received_at) THEN
    RAISE EXCEPTION 'a recorded original cannot be changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER originals_guard BEFORE UPDATE OR DELETE ON originals
  FOR EACH ROW EXECUTE FUNCTION zhicha_guard_original();

ALTER TABLE organisations ADD CHECK (name <> '');
ALTER TABLE units ADD FOREIGN KEY (org_id) REFERENCES organisations (id);
ALTER TABLE units ADD FOREIGN KEY (parent_id) REFERENCES units (id);
CREATE INDEX units_tree ON units (org_id, parent_id);

CREATE UNIQUE INDEX people_login ON people (lower(login));
ALTER TABLE people ADD FOREIGN KEY (org_id) REFERENCES organisations (id);
ALTER TABLE people ADD FOREIGN KEY (unit_id) REFERENCES units (id);
CREATE UNIQUE INDEX role_grants_one ON role_grants (person_id, role) WHERE revoked_at IS NULL;
CREATE UNIQUE INDEX sessions_token ON sessions (token_sha256);
CREATE INDEX sign_in_attempts_recent ON sign_in_attempts (login_sha256, at);
CREATE INDEX devices_person ON devices (person_id);
CREATE UNIQUE INDEX device_keys_kid ON device_keys (kid);

CREATE INDEX journal_entries_subject ON journal_entries (org_id, subject_kind, subject_id, at);
CREATE INDEX journal_entries_time ON journal_entries (org_id, at);
CREATE UNIQUE INDEX feed_changes_n ON feed_changes (org_id, n);

CREATE UNIQUE INDEX items_register ON items (org_id, register_year, register_seq);
CREATE INDEX items_newest ON items (org_id, created_at DESC, id DESC);
ALTER TABLE items ADD FOREIGN KEY (handling_unit_id) REFERENCES units (id);
ALTER TABLE items ADD CHECK (title <> '');
CREATE INDEX sites_item ON sites (item_id);
ALTER TABLE sites ADD FOREIGN KEY (item_id) REFERENCES items (id);
ALTER TABLE sites ADD CHECK ((lat_e7 IS NULL) = (lon_e7 IS NULL));
ALTER TABLE sites ADD CHECK (lat_e7 BETWEEN -900000000 AND 900000000 AND lon_e7 BETWEEN -1800000000 AND 1800000000);

ALTER TABLE visits ADD FOREIGN KEY (item_id) REFERENCES items (id);
ALTER TABLE visits ADD FOREIGN KEY (site_id) REFERENCES sites (id);
ALTER TABLE visits ADD CHECK (nature IN ('SUPERVISION', 'JOINT'));
CREATE INDEX visits_newest ON visits (org_id, planned_for DESC, id DESC);
CREATE INDEX visits_item ON visits (item_id);
CREATE UNIQUE INDEX visit_members_one ON visit_members (visit_id, person_id);
CREATE UNIQUE INDEX visit_members_leader ON visit_members (visit_id) WHERE role = 'LEADER';
CREATE INDEX visit_members_person ON visit_members (person_id);
ALTER TABLE visit_members ADD FOREIGN KEY (visit_id) REFERENCES visits (id);
ALTER TABLE visit_members ADD FOREIGN KEY (person_id) REFERENCES people (id);

ALTER TABLE capture_sessions ADD FOREIGN KEY (visit_id) REFERENCES visits (id);
CREATE UNIQUE INDEX capture_sessions_statement ON capture_sessions (statement_sha256);
ALTER TABLE statements ADD FOREIGN KEY (session_id) REFERENCES capture_sessions (id);
CREATE UNIQUE INDEX statements_seq ON statements (session_id, seq);
CREATE UNIQUE INDEX statements_hash ON statements (statement_sha256);
ALTER TABLE captures ADD FOREIGN KEY (visit_id) REFERENCES visits (id);
ALTER TABLE captures ADD CHECK (originals_received BETWEEN 0 AND originals_total);
CREATE INDEX captures_newest ON captures (org_id, received_at DESC, id DESC);
CREATE INDEX captures_visit ON captures (visit_id, received_at DESC, id DESC);
CREATE INDEX captures_person ON captures (person_id, received_at DESC);
ALTER TABLE originals ADD FOREIGN KEY (capture_id) REFERENCES captures (id);
CREATE UNIQUE INDEX originals_position ON originals (capture_id, position);
CREATE INDEX originals_digest ON originals (org_id, sha256);
ALTER TABLE originals ADD CHECK (bytes > 0 AND octet_length(sha256) = 32);
CREATE INDEX derivatives_capture ON derivatives (capture_id, kind);
CREATE UNIQUE INDEX derivatives_one ON derivatives (capture_id, kind, source_sha256) NULLS NOT DISTINCT;
CREATE INDEX reviews_capture ON reviews (capture_id, at);
CREATE INDEX queries_capture ON queries (capture_id, asked_at);
CREATE INDEX comments_capture ON comments (capture_id, at);

ALTER TABLE findings ADD FOREIGN KEY (visit_id) REFERENCES visits (id);
ALTER TABLE findings ADD CHECK (text <> '');
CREATE INDEX findings_newest ON findings (org_id, recorded_at DESC, id DESC);
CREATE INDEX findings_visit ON findings (visit_id);
CREATE UNIQUE INDEX finding_captures_one ON finding_captures (finding_id, capture_id);
CREATE INDEX finding_captures_capture ON finding_captures (capture_id);

CREATE INDEX cases_newest ON cases (org_id, drafted_at DESC, id DESC);
CREATE UNIQUE INDEX case_findings_one ON case_findings (case_id, finding_id);
CREATE INDEX case_findings_finding ON case_findings (finding_id);
CREATE UNIQUE INDEX case_evidence_one ON case_evidence (case_id, capture_id) WHERE withdrawn_at IS NULL;
CREATE INDEX case_evidence_capture ON case_evidence (capture_id);

CREATE INDEX uploads_expiry ON uploads (expires_at);
CREATE INDEX uploads_capture ON uploads (capture_id);

CREATE UNIQUE INDEX notices_one ON notices (entry_id, person_id);
CREATE INDEX notices_person ON notices (person_id, created_at DESC);
CREATE UNIQUE INDEX push_subscriptions_endpoint ON push_subscriptions (endpoint);
CREATE INDEX push_subscriptions_person ON push_subscriptions (person_id);
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in APPEND_ONLY:
            await run_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change()"
            )
        await run_sql(QueryBuilderEnvironment().build_install_query())

    manager.add_raw(run)
    return manager
