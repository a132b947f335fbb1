"""Corrections of people and units: one asks, another confirms; and what was done at the server's console."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-22T08:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "changes of names, units and their tree; recovery of an officer's account"

SQL = """
ALTER TABLE people ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE people ADD COLUMN recovered_at timestamptz;
COMMENT ON COLUMN people.recovered_at IS 'when a first password was last set at the console of the server';
ALTER TABLE units ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE units ADD CONSTRAINT units_not_below_itself CHECK (parent_id <> id);

-- What a person is called and where he belongs; what a unit is called, what it is and where it lies. LAPSED: the
-- account was closed meanwhile. ``place`` is a person's unit, or a unit's parent (none for the root).
CREATE TABLE directory_changes (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  person_id uuid REFERENCES people (id),
  unit_id uuid REFERENCES units (id),
  version integer NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  name_before text NOT NULL,
  place_id uuid REFERENCES units (id),
  place_before uuid REFERENCES units (id),
  kind text,
  kind_before text,
  asked_by uuid NOT NULL REFERENCES people (id),
  asked_at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('CONFIRMED', 'REFUSED', 'LAPSED')),
  decided_by uuid REFERENCES people (id),
  decided_at timestamptz,
  CHECK ((person_id IS NULL) <> (unit_id IS NULL)),
  CHECK (person_id IS NULL OR place_id IS NOT NULL AND place_before IS NOT NULL),
  CHECK ((kind IS NOT NULL) = (unit_id IS NOT NULL) AND (kind_before IS NOT NULL) = (unit_id IS NOT NULL)),
  CHECK ((name, place_id, kind) IS DISTINCT FROM (name_before, place_before, kind_before)),
  CHECK (asked_by IS DISTINCT FROM person_id),
  CHECK (decided_by <> asked_by AND decided_by IS DISTINCT FROM person_id OR decided_by IS NULL OR outcome = 'LAPSED'),
  CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by IS NULL))
);
COMMENT ON COLUMN directory_changes.version IS 'of the person or unit, when it was asked for';
CREATE UNIQUE INDEX directory_changes_open ON directory_changes (coalesce(person_id, unit_id)) WHERE outcome IS NULL;
CREATE INDEX directory_changes_of ON directory_changes (coalesce(person_id, unit_id), asked_at);

CREATE TRIGGER directory_changes_kept BEFORE DELETE ON directory_changes
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();
CREATE TRIGGER directory_changes_never_emptied BEFORE TRUNCATE ON directory_changes
  FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();
CREATE TRIGGER directory_changes_fixed
  BEFORE UPDATE OF id, org_id, person_id, unit_id, version, name, name_before, place_id, place_before, kind,
    kind_before, asked_by, asked_at ON directory_changes FOR EACH ROW
  WHEN ((NEW.id, NEW.org_id, NEW.person_id, NEW.unit_id, NEW.version, NEW.name, NEW.name_before, NEW.place_id,
      NEW.place_before, NEW.kind, NEW.kind_before, NEW.asked_by, NEW.asked_at)
    IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.person_id, OLD.unit_id, OLD.version, OLD.name, OLD.name_before,
      OLD.place_id, OLD.place_before, OLD.kind, OLD.kind_before, OLD.asked_by, OLD.asked_at))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER directory_changes_decided_once
  BEFORE UPDATE OF outcome, decided_by, decided_at ON directory_changes FOR EACH ROW
  WHEN (OLD.outcome IS NOT NULL) EXECUTE FUNCTION zhicha_refuse_change();
"""


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)

    manager.add_raw(run)
    return manager
