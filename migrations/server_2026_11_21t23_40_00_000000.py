"""Planning of items: decomposition, imports, milestones with their progress, the public board."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from server.kit.ddl import run_sql

ID = "2026-11-21T23:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "decomposition, imports, milestones, public board"

SQL = """
-- A child stays where it was put: numbers within the parent and the roll-up rest on it.
CREATE TRIGGER items_parent_fixed BEFORE UPDATE OF parent_id, child_no ON items
  FOR EACH ROW WHEN ((NEW.parent_id, NEW.child_no) IS DISTINCT FROM (OLD.parent_id, OLD.child_no))
  EXECUTE FUNCTION zhicha_refuse_change();

-- Whoever gets past the first trigger still makes no circle, no fifth level and no child of another organisation.
CREATE FUNCTION zhicha_guard_parent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  above uuid := NEW.parent_id;
  org uuid;
  levels integer := 1;
BEGIN
  WHILE above IS NOT NULL LOOP
    levels := levels + 1;
    IF above = NEW.id OR levels > 4 THEN
      RAISE EXCEPTION 'an item is no descendant of itself and has at most four levels'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT parent_id, org_id INTO above, org FROM items WHERE id = above;
    IF org IS DISTINCT FROM NEW.org_id THEN
      RAISE EXCEPTION 'a child belongs to the organisation of its parent'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER items_parent_guard BEFORE INSERT OR UPDATE OF parent_id ON items
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION zhicha_guard_parent();

CREATE TABLE item_imports (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  parent_id uuid NOT NULL REFERENCES items (id),
  file_name text NOT NULL,
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  row_count integer NOT NULL CHECK (row_count > 0),
  first_child_no integer NOT NULL CHECK (first_child_no > 0),
  imported_by uuid NOT NULL REFERENCES people (id),
  imported_at timestamptz NOT NULL
);
CREATE INDEX item_imports_parent ON item_imports (parent_id, imported_at DESC);

CREATE TABLE milestones (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  name text NOT NULL CHECK (name <> ''),
  planned_on date NOT NULL,
  planned_by uuid NOT NULL REFERENCES people (id),
  planned_at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  UNIQUE (id, item_id)
);
CREATE INDEX milestones_item ON milestones (item_id, planned_on, id) WHERE withdrawn_at IS NULL;
CREATE INDEX milestones_org ON milestones (org_id, item_id) WHERE withdrawn_at IS NULL;
CREATE TRIGGER milestones_fixed BEFORE UPDATE OF id, org_id, item_id ON milestones
  FOR EACH ROW WHEN ((NEW.id, NEW.org_id, NEW.item_id) IS DISTINCT FROM (OLD.id, OLD.org_id, OLD.item_id))
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER milestones_withdrawn_once BEFORE UPDATE OF withdrawn_at ON milestones
  FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
  EXECUTE FUNCTION zhicha_refuse_change();
CREATE TRIGGER milestones_kept BEFORE DELETE ON milestones
  FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_removal();

CREATE TABLE milestone_progress (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL,
  milestone_id uuid NOT NULL,
  done_on date,
  note text NOT NULL DEFAULT '',
  reported_by uuid NOT NULL REFERENCES people (id),
  reported_at timestamptz NOT NULL,
  CHECK (done_on IS NOT NULL OR note <> ''),
  FOREIGN KEY (milestone_id, item_id) REFERENCES milestones (id, item_id)
);
CREATE INDEX milestone_progress_milestone ON milestone_progress (milestone_id, id DESC);

CREATE TABLE item_listings (
  id uuid PRIMARY KEY,
  org_id uuid NOT NULL REFERENCES organisations (id),
  item_id uuid NOT NULL REFERENCES items (id),
  listed boolean NOT NULL,
  decided_by uuid NOT NULL REFERENCES people (id),
  decided_on date NOT NULL,
  document text NOT NULL CHECK (document <> ''),
  reason text NOT NULL CHECK (reason <> ''),
  recorded_by uuid NOT NULL REFERENCES people (id),
  recorded_at timestamptz NOT NULL,
  CHECK (decided_by <> recorded_by)
);
CREATE INDEX item_listings_item ON item_listings (item_id, id DESC);
CREATE INDEX items_listed ON items (org_id, listed_at DESC, id DESC) WHERE listed_at IS NOT NULL;

-- The mark beside an item is a copy of the last decision, and nothing puts it there or takes it away but a decision.
CREATE FUNCTION zhicha_guard_listing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.listed_at IS NOT NULL IS DISTINCT FROM
     (SELECT listed FROM item_listings WHERE item_id = NEW.id ORDER BY id DESC LIMIT 1) THEN
    RAISE EXCEPTION 'an item goes on and off the public board by decision only'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER items_listed_by_decision BEFORE UPDATE OF listed_at ON items
  FOR EACH ROW WHEN (NEW.listed_at IS DISTINCT FROM OLD.listed_at) EXECUTE FUNCTION zhicha_guard_listing();
"""

APPEND_ONLY = ("item_imports", "milestone_progress", "item_listings")


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="server", description=DESCRIPTION)

    async def run():
        await run_sql(SQL)
        for table in APPEND_ONLY:
            await run_sql(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION zhicha_refuse_change();"
            )
        for table in (*APPEND_ONLY, "milestones"):
            await run_sql(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION zhicha_refuse_removal();"
            )

    manager.add_raw(run)
    return manager
