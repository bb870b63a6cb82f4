-- Catalog ---------------------------------------------------------------------------------------

CREATE TABLE manufacturers (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    website text,
    support_url text,
    support_phone text,
    support_email text
);
CREATE UNIQUE INDEX uq_manufacturers_name ON manufacturers (tenant_id, nexus.fold_unique(name));
SELECT nexus.protect_catalog('manufacturers');
SELECT nexus.make_sortable('manufacturers', 'name');
SELECT nexus.make_searchable('manufacturers', 'name');

-- tree: the ids from the root to the type itself, one after the other; a tenant's type may lie below a shared
-- one. Up to 20 of them.
CREATE TABLE asset_types (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    parent_id text COLLATE "C",
    tree text COLLATE "C" NOT NULL CONSTRAINT ck_asset_types_depth CHECK (length(tree) <= 20 * 26)
);
CREATE UNIQUE INDEX uq_asset_types_name ON asset_types (tenant_id, parent_id, nexus.fold_unique(name)) NULLS NOT DISTINCT;
CREATE INDEX ix_asset_types_parent_id ON asset_types (parent_id, tenant_id, id);
CREATE INDEX ix_asset_types_tree ON asset_types (tree);
CREATE TRIGGER place BEFORE INSERT OR UPDATE OF parent_id ON asset_types
    FOR EACH ROW EXECUTE FUNCTION nexus.place_asset_type();
CREATE TRIGGER carry AFTER UPDATE OF parent_id ON asset_types
    FOR EACH ROW WHEN (OLD.tree <> NEW.tree) EXECUTE FUNCTION nexus.carry_asset_types();
SELECT nexus.protect_catalog('asset_types', derived => 'tree');
SELECT nexus.reference_catalog('asset_types', 'parent_id', 'asset_types');
SELECT nexus.make_sortable('asset_types', 'name');
SELECT nexus.make_searchable('asset_types', 'name');

CREATE TABLE asset_models (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    tracking_type text COLLATE "C" NOT NULL
        CONSTRAINT ck_asset_models_tracking_type CHECK (tracking_type IN ('serialized', 'countable')),
    manufacturer_id text COLLATE "C",
    asset_type_id text COLLATE "C",
    model_number text,
    end_of_life_on date
);
CREATE UNIQUE INDEX uq_asset_models_name ON asset_models (tenant_id, nexus.fold_unique(name));
CREATE INDEX ix_asset_models_manufacturer_id ON asset_models (manufacturer_id, tenant_id, id);
CREATE INDEX ix_asset_models_asset_type_id ON asset_models (asset_type_id, tenant_id, id);
CREATE INDEX ix_asset_models_end_of_life_on ON asset_models (tenant_id, end_of_life_on, id);
CREATE TRIGGER ck_asset_models_tracking_kept AFTER UPDATE OF tracking_type ON asset_models FOR EACH ROW
    WHEN (OLD.tracking_type <> NEW.tracking_type) EXECUTE FUNCTION nexus.keep_tracking_type();
CREATE TRIGGER carry AFTER UPDATE OF manufacturer_id, asset_type_id ON asset_models FOR EACH ROW
    WHEN ((OLD.manufacturer_id, OLD.asset_type_id) IS DISTINCT FROM (NEW.manufacturer_id, NEW.asset_type_id))
    EXECUTE FUNCTION nexus.carry_model();
SELECT nexus.protect_catalog('asset_models');
SELECT nexus.reference_catalog('asset_models', 'manufacturer_id', 'manufacturers');
SELECT nexus.reference_catalog('asset_models', 'asset_type_id', 'asset_types');
SELECT nexus.make_sortable('asset_models', 'name', 'model_number');
SELECT nexus.make_searchable('asset_models', 'name', 'model_number');

-- Assets ----------------------------------------------------------------------------------------

-- tracking_type, asset_type_id and manufacturer_id are the model's, person_id, location_id and quantity_out
-- follow from custody, open_repair_count from repairs: triggers keep them, so that one index finds by each.
-- purchase_cost: amount in the currency's minor unit, scale (its digits behind the point), currency.
CREATE TABLE assets (
    LIKE nexus.tenant_record INCLUDING ALL,
    model_id text COLLATE "C" NOT NULL,
    tracking_type text COLLATE "C" NOT NULL,
    asset_type_id text COLLATE "C",
    manufacturer_id text COLLATE "C",
    project_id text COLLATE "C",
    name text NOT NULL,
    asset_tag text,
    serial_number text,
    quantity integer NOT NULL DEFAULT 1,
    status text COLLATE "C" NOT NULL DEFAULT 'active' CONSTRAINT ck_assets_status CHECK (
        status IN ('active', 'archived', 'retired', 'disposed', 'lost', 'stolen')),
    purchased_on date,
    purchase_cost jsonb CONSTRAINT ck_assets_purchase_cost CHECK (
        (purchase_cost ->> 'amount')::numeric >= 0 AND (purchase_cost ->> 'scale')::integer BETWEEN 0 AND 4
        AND purchase_cost ->> 'currency' ~ '^[A-Z]{3}$'),
    warranty_until date,
    notes text,
    person_id text COLLATE "C",
    location_id text COLLATE "C",
    quantity_out integer NOT NULL DEFAULT 0,
    quantity_available integer NOT NULL GENERATED ALWAYS AS (quantity - quantity_out) STORED,
    open_repair_count integer NOT NULL DEFAULT 0,
    archived_at timestamptz,
    retired_at timestamptz,
    disposed_at timestamptz,
    lost_at timestamptz,
    stolen_at timestamptz,
    CONSTRAINT ck_assets_tracking CHECK (CASE tracking_type
        WHEN 'serialized' THEN serial_number IS NOT NULL AND quantity = 1 ELSE serial_number IS NULL END),
    CONSTRAINT ck_assets_quantity CHECK (quantity > 0),
    CONSTRAINT ck_assets_quantity_out CHECK (quantity_out BETWEEN 0 AND quantity),
    CONSTRAINT ck_assets_out CHECK (quantity_out = 0 OR status IN ('active', 'archived')),
    CONSTRAINT ck_assets_archived_at CHECK ((status = 'archived') = (archived_at IS NOT NULL)),
    CONSTRAINT fk_assets_person_id FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    CONSTRAINT fk_assets_location_id FOREIGN KEY (tenant_id, location_id) REFERENCES locations (tenant_id, id)
);
CREATE UNIQUE INDEX uq_assets_asset_tag ON assets (tenant_id, nexus.fold_unique(asset_tag)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX uq_assets_serial_number ON assets (tenant_id, model_id, nexus.fold_unique(serial_number))
    WHERE archived_at IS NULL;
CREATE INDEX ix_assets_model_id ON assets (model_id, tenant_id, id);
CREATE INDEX ix_assets_asset_type_id ON assets (asset_type_id, tenant_id, id);
CREATE INDEX ix_assets_manufacturer_id ON assets (manufacturer_id, tenant_id, id);
CREATE INDEX ix_assets_project_id ON assets (project_id, tenant_id, id);
CREATE INDEX ix_assets_tracking_type ON assets (tenant_id, tracking_type, id);
CREATE INDEX ix_assets_status ON assets (tenant_id, status, id);
CREATE INDEX ix_assets_person_id ON assets (tenant_id, person_id, id);
CREATE INDEX ix_assets_location_id ON assets (tenant_id, location_id, id);
CREATE INDEX ix_assets_purchased_on ON assets (tenant_id, purchased_on, id);
CREATE INDEX ix_assets_warranty_until ON assets (tenant_id, warranty_until, id);
CREATE INDEX ix_assets_quantity_out ON assets (tenant_id, quantity_out, id);
CREATE INDEX ix_assets_quantity_available ON assets (tenant_id, quantity_available, id);
CREATE INDEX ix_assets_open_repair_count ON assets (tenant_id, open_repair_count, id);
CREATE INDEX ix_assets_current ON assets (tenant_id, id) INCLUDE (updated_at, purchased_on, warranty_until)
    WHERE archived_at IS NULL;
CREATE INDEX ix_assets_archived ON assets (tenant_id, id) WHERE archived_at IS NOT NULL;
CREATE STATISTICS st_assets_project_id (dependencies) ON project_id, tenant_id FROM assets;
CREATE TRIGGER prepare BEFORE INSERT OR UPDATE OF model_id ON assets
    FOR EACH ROW WHEN (NEW.model_id IS NOT NULL) EXECUTE FUNCTION nexus.prepare_asset();
SELECT nexus.protect('assets', derived =>
    'tracking_type,asset_type_id,manufacturer_id,person_id,location_id,quantity_out,open_repair_count',
    subjects => 'id');
SELECT nexus.reference_catalog('assets', 'model_id', 'asset_models');
SELECT nexus.reference_catalog('assets', 'asset_type_id', 'asset_types');
SELECT nexus.reference_catalog('assets', 'manufacturer_id', 'manufacturers');
SELECT nexus.reference_catalog('assets', 'project_id', 'projects');
SELECT nexus.make_sortable('assets', 'name', 'asset_tag', 'serial_number');
SELECT nexus.make_searchable('assets', 'name', 'asset_tag', 'serial_number', 'notes');

ALTER TABLE configuration_items ADD CONSTRAINT fk_configuration_items_asset_id
    FOREIGN KEY (tenant_id, asset_id) REFERENCES assets (tenant_id, id);
ALTER TABLE issue_values ADD COLUMN asset_id text COLLATE "C",
    ADD CONSTRAINT fk_issue_values_asset_id FOREIGN KEY (tenant_id, asset_id) REFERENCES assets (tenant_id, id);
CREATE INDEX ix_issue_values_asset_id ON issue_values (tenant_id, asset_id) WHERE asset_id IS NOT NULL;

CREATE VIEW nexus.asset_history WITH (security_invoker = true) AS
SELECT left(e.id, 24) || nexus.base32(c.place) AS id, s.tenant_id, s.subject_id AS asset_id, e.actor_id,
       e.occurred_at, c.field, c.old, c.new
FROM audit_subjects s
JOIN assets a ON a.tenant_id = s.tenant_id AND a.id = s.subject_id  -- none of one that was removed
JOIN audit_events e ON e.id = s.event_id
CROSS JOIN LATERAL nexus.asset_changes(e.changes) c
WHERE e.resource = 'assets' AND e.action = 'update';
GRANT SELECT ON nexus.asset_history TO nexus_app;

-- Custody ---------------------------------------------------------------------------------------

-- What happened, and nothing else: the API's role adds to it alone.
CREATE TABLE asset_circulations (
    LIKE nexus.tenant_record INCLUDING ALL,
    asset_id text COLLATE "C" NOT NULL,
    circulation_type text COLLATE "C" NOT NULL CONSTRAINT ck_asset_circulations_circulation_type CHECK (
        circulation_type IN ('issue', 'return', 'move', 'receive', 'confirm')),
    person_id text COLLATE "C",
    location_id text COLLATE "C",
    quantity integer NOT NULL CONSTRAINT ck_asset_circulations_quantity CHECK (quantity > 0),
    occurred_at timestamptz NOT NULL,
    notes text,
    recorded_by text COLLATE "C" CONSTRAINT fk_asset_circulations_recorded_by REFERENCES users,
    corrects_id text COLLATE "C",
    CONSTRAINT uq_asset_circulations_asset_id UNIQUE (tenant_id, asset_id, id),
    CONSTRAINT uq_asset_circulations_corrects_id UNIQUE (tenant_id, corrects_id),
    CONSTRAINT fk_asset_circulations_asset_id FOREIGN KEY (tenant_id, asset_id) REFERENCES assets (tenant_id, id),
    CONSTRAINT fk_asset_circulations_person_id FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    CONSTRAINT fk_asset_circulations_location_id FOREIGN KEY (tenant_id, location_id)
        REFERENCES locations (tenant_id, id),
    CONSTRAINT fk_asset_circulations_corrects_id FOREIGN KEY (tenant_id, asset_id, corrects_id)
        REFERENCES asset_circulations (tenant_id, asset_id, id)
);
CREATE INDEX ix_asset_circulations_corrects_id ON asset_circulations (tenant_id, asset_id, corrects_id);
CREATE INDEX ix_asset_circulations_person_id ON asset_circulations (tenant_id, person_id, id);
CREATE INDEX ix_asset_circulations_location_id ON asset_circulations (tenant_id, location_id, id);
CREATE INDEX ix_asset_circulations_recorded_by ON asset_circulations (recorded_by, tenant_id, id);
CREATE INDEX ix_asset_circulations_circulation_type ON asset_circulations (tenant_id, circulation_type, id);
CREATE INDEX ix_asset_circulations_occurred_at ON asset_circulations (tenant_id, occurred_at, id);
CREATE INDEX ix_asset_circulations_place ON asset_circulations (tenant_id, asset_id, occurred_at, id);
CREATE INDEX ix_asset_circulations_times ON asset_circulations (tenant_id, id) INCLUDE (updated_at, occurred_at);
SELECT nexus.protect('asset_circulations');
REVOKE UPDATE, DELETE ON asset_circulations FROM nexus_app;
CREATE TRIGGER follow_place AFTER INSERT ON asset_circulations FOR EACH ROW
    WHEN (NEW.location_id IS NOT NULL OR NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION nexus.follow_circulation();

-- The spans that events open and close: opened_by_id the issue, closed_by_id the return. A return of some splits
-- off what is returned. started_at and ended_at: to the moment, what the dates say to the day; custody that was
-- no custody, for its issue was a mistake, ends when it started.
CREATE TABLE asset_assignments (
    LIKE nexus.tenant_record INCLUDING ALL,
    asset_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C",
    location_id text COLLATE "C",
    quantity integer NOT NULL CONSTRAINT ck_asset_assignments_quantity CHECK (quantity > 0),
    start_date date NOT NULL,
    end_date date,
    due_on date,
    notes text,
    closed_at timestamptz,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT 'infinity',
    opened_by_id text COLLATE "C" NOT NULL,
    closed_by_id text COLLATE "C",
    CONSTRAINT ck_asset_assignments_holder CHECK (num_nonnulls(person_id, location_id) = 1),
    CONSTRAINT ck_asset_assignments_dates CHECK (end_date >= start_date),
    CONSTRAINT ck_asset_assignments_span CHECK (ended_at >= started_at),
    CONSTRAINT ck_asset_assignments_closed CHECK (CASE WHEN closed_at IS NULL
        THEN ended_at = 'infinity' AND closed_by_id IS NULL
        ELSE ended_at < 'infinity' AND closed_by_id IS NOT NULL AND end_date IS NOT NULL END),
    CONSTRAINT fk_asset_assignments_asset_id FOREIGN KEY (tenant_id, asset_id) REFERENCES assets (tenant_id, id),
    CONSTRAINT fk_asset_assignments_person_id FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    CONSTRAINT fk_asset_assignments_location_id FOREIGN KEY (tenant_id, location_id)
        REFERENCES locations (tenant_id, id),
    CONSTRAINT fk_asset_assignments_opened_by_id FOREIGN KEY (tenant_id, asset_id, opened_by_id)
        REFERENCES asset_circulations (tenant_id, asset_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_asset_assignments_closed_by_id FOREIGN KEY (tenant_id, asset_id, closed_by_id)
        REFERENCES asset_circulations (tenant_id, asset_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ix_asset_assignments_asset_id ON asset_assignments (tenant_id, asset_id, id);
CREATE INDEX ix_asset_assignments_started_at ON asset_assignments (tenant_id, asset_id, started_at);
CREATE INDEX ix_asset_assignments_ended_at ON asset_assignments (tenant_id, asset_id, ended_at);
CREATE INDEX ix_asset_assignments_person_id ON asset_assignments (tenant_id, person_id, id);
CREATE INDEX ix_asset_assignments_location_id ON asset_assignments (tenant_id, location_id, id);
CREATE INDEX ix_asset_assignments_opened_by_id ON asset_assignments (tenant_id, opened_by_id);
CREATE INDEX ix_asset_assignments_closed_by_id ON asset_assignments (tenant_id, closed_by_id);
CREATE INDEX ix_asset_assignments_start_date ON asset_assignments (tenant_id, start_date, id);
CREATE INDEX ix_asset_assignments_end_date ON asset_assignments (tenant_id, end_date, id);
CREATE INDEX ix_asset_assignments_due_on ON asset_assignments (tenant_id, due_on, id);
CREATE INDEX ix_asset_assignments_closed_at ON asset_assignments (tenant_id, closed_at, id);
CREATE INDEX ix_asset_assignments_times ON asset_assignments (tenant_id, id)
    INCLUDE (updated_at, start_date, end_date, due_on, closed_at);
-- What is open, and how late.
CREATE INDEX ix_asset_assignments_open ON asset_assignments (tenant_id, id) WHERE closed_at IS NULL;
CREATE INDEX ix_asset_assignments_open_of ON asset_assignments (tenant_id, asset_id) WHERE closed_at IS NULL;
CREATE INDEX ix_asset_assignments_overdue ON asset_assignments (tenant_id, due_on, id) WHERE closed_at IS NULL;
SELECT nexus.protect('asset_assignments', derived => 'started_at,ended_at,opened_by_id,closed_by_id');
CREATE TRIGGER follow_custody AFTER INSERT OR UPDATE OF quantity, closed_at, started_at, ended_at
    ON asset_assignments FOR EACH ROW EXECUTE FUNCTION nexus.follow_assignment();

-- Repairs ---------------------------------------------------------------------------------------

-- A repair has the id of its issue, so that what is sorted by the issue's members comes from the issues' indexes.
-- issue_version: a change of its issue is one of the repair.
CREATE TABLE asset_repairs (
    LIKE nexus.tenant_record INCLUDING ALL,
    issue_id text COLLATE "C" NOT NULL,
    asset_id text COLLATE "C" NOT NULL,
    location_id text COLLATE "C",
    issue_version integer NOT NULL DEFAULT 1,
    CONSTRAINT ck_asset_repairs_id CHECK (id = issue_id),
    CONSTRAINT uq_asset_repairs_issue_id UNIQUE (tenant_id, issue_id),
    CONSTRAINT fk_asset_repairs_issue_id FOREIGN KEY (tenant_id, issue_id) REFERENCES issues (tenant_id, id),
    CONSTRAINT fk_asset_repairs_asset_id FOREIGN KEY (tenant_id, asset_id) REFERENCES assets (tenant_id, id),
    CONSTRAINT fk_asset_repairs_location_id FOREIGN KEY (tenant_id, location_id) REFERENCES locations (tenant_id, id)
);
CREATE INDEX ix_asset_repairs_asset_id ON asset_repairs (tenant_id, asset_id, id);
CREATE INDEX ix_asset_repairs_location_id ON asset_repairs (tenant_id, location_id, id);
SELECT nexus.protect('asset_repairs', derived => 'issue_version');
CREATE TRIGGER follow_repair AFTER INSERT ON asset_repairs FOR EACH ROW EXECUTE FUNCTION nexus.follow_repair();
CREATE TRIGGER follow_repair AFTER UPDATE ON issues FOR EACH ROW
    WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION nexus.follow_repaired_issue();

-- What of an issue is its repair's too, and the same to search in.
CREATE VIEW nexus.repaired_issues WITH (security_invoker = true) AS
SELECT id, tenant_id, title, title_sort, description, priority_id, status_id, created_at AS reported_at,
       closed_at AS resolved_at, archived_at, search
FROM issues;
GRANT SELECT ON nexus.repaired_issues TO nexus_app;
CREATE VIEW search.repaired_issues AS
SELECT id, tenant_id, title, title_sort, description, priority_id, status_id, created_at AS reported_at,
       closed_at AS resolved_at, archived_at, search
FROM search.issues;
GRANT SELECT ON search.repaired_issues TO nexus_app;
CREATE VIEW search.asset_repairs AS SELECT * FROM asset_repairs WHERE tenant_id = nexus.tenant_id();
GRANT SELECT ON search.asset_repairs TO nexus_app;
