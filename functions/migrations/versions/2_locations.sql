CREATE TABLE location_types (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL
);
CREATE UNIQUE INDEX uq_location_types_name ON location_types (tenant_id, nexus.fold_unique(name));
SELECT nexus.protect_catalog('location_types');
SELECT nexus.make_sortable('location_types', 'name');
SELECT nexus.make_searchable('location_types', 'name');
INSERT INTO location_types (id, tenant_id, name)
SELECT nexus.ulid(), nexus.root_tenant_id(), name
FROM unnest(ARRAY['Site', 'Building', 'Floor', 'Room', 'Storage', 'Vehicle']) AS name;

-- tree: the ids from the root to the location itself, one after the other. All that is below a
-- location is one range of it. path: the names likewise. Both are kept by the triggers below.
CREATE TABLE locations (
    LIKE nexus.tenant_record INCLUDING ALL,
    parent_id text COLLATE "C",
    name text NOT NULL,
    type_id text COLLATE "C" NOT NULL,
    code text,
    address text,
    tree text COLLATE "C" NOT NULL,
    path text[] NOT NULL,
    depth integer NOT NULL GENERATED ALWAYS AS (cardinality(path) - 1) STORED
        CONSTRAINT ck_locations_depth CHECK (depth <= 19),
    CONSTRAINT fk_locations_parent_id FOREIGN KEY (tenant_id, parent_id)
        REFERENCES locations (tenant_id, id)
);
CREATE UNIQUE INDEX uq_locations_name ON locations (tenant_id, parent_id, nexus.fold_unique(name)) NULLS NOT DISTINCT;
CREATE INDEX ix_locations_parent_id ON locations (tenant_id, parent_id, id);
CREATE INDEX ix_locations_type_id ON locations (type_id, tenant_id, id);
CREATE INDEX ix_locations_tree ON locations (tenant_id, tree);
CREATE TRIGGER place BEFORE INSERT OR UPDATE OF parent_id, name ON locations
    FOR EACH ROW EXECUTE FUNCTION nexus.place_location();
CREATE TRIGGER carry AFTER UPDATE OF parent_id, name ON locations
    FOR EACH ROW WHEN (OLD.path <> NEW.path OR OLD.tree <> NEW.tree)
    EXECUTE FUNCTION nexus.carry_locations();
-- What follows from a move above is a new version and no event of its own.
SELECT nexus.protect('locations', derived => 'tree,path');
SELECT nexus.reference_catalog('locations', 'type_id', 'location_types');
SELECT nexus.make_sortable('locations', 'name', 'code');
SELECT nexus.make_searchable('locations', 'name', 'code', 'address');
