-- tree: the ids from the root to the location itself, one after the other. All that is below a
-- location is one range of it. path: the names likewise. Both are kept by the triggers below.
CREATE TABLE locations (
    id text COLLATE "C" CONSTRAINT pk_locations PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_locations_tenant_id REFERENCES tenants,
    parent_id text COLLATE "C",
    name text NOT NULL,
    type_id text COLLATE "C" NOT NULL CONSTRAINT fk_locations_type_id REFERENCES location_types,
    code text,
    address text,
    tree text COLLATE "C" NOT NULL,
    path text[] NOT NULL,
    depth integer NOT NULL GENERATED ALWAYS AS (cardinality(path) - 1) STORED
        CONSTRAINT ck_locations_depth CHECK (depth <= 19),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_locations_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT fk_locations_parent_id FOREIGN KEY (tenant_id, parent_id)
        REFERENCES locations (tenant_id, id)
);
CREATE UNIQUE INDEX uq_locations_name ON locations (tenant_id, parent_id, lower(name)) NULLS NOT DISTINCT;
CREATE INDEX ix_locations_parent_id ON locations (tenant_id, parent_id, id);
CREATE INDEX ix_locations_name ON locations (tenant_id, name, id);
CREATE INDEX ix_locations_type_id ON locations (type_id, tenant_id, id);
CREATE INDEX ix_locations_tree ON locations (tenant_id, tree);

-- Whoever renames or moves holds it alone, whoever adds shares it: places are computed from the
-- places above. Taken before any row's lock, or two moves would wait for each other.
CREATE FUNCTION nexus.locations_lock(of_tenant text) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN hashtextextended('locations:' || of_tenant, 0);

-- A location finds its place below its parent; within itself there is none.
-- (A plan kept from an emptier table would read all of the tenant's.)
CREATE FUNCTION nexus.place_location() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    above record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock_shared(nexus.locations_lock(NEW.tenant_id));
    ELSE
        PERFORM pg_advisory_xact_lock(nexus.locations_lock(NEW.tenant_id));
    END IF;
    SELECT tree, path INTO above FROM locations
    WHERE tenant_id = NEW.tenant_id AND id = NEW.parent_id;
    IF TG_OP = 'UPDATE' AND starts_with(above.tree, OLD.tree) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_locations_cycle',
            MESSAGE = 'a location would lie within itself';
    END IF;
    NEW.tree := coalesce(above.tree, '') || NEW.id;
    NEW.path := array_append(coalesce(above.path, '{}'), NEW.name);
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT OR UPDATE OF parent_id, name ON locations
    FOR EACH ROW EXECUTE FUNCTION nexus.place_location();

-- All below a renamed or moved location goes with it, in one statement.
CREATE FUNCTION nexus.carry_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE locations
    SET tree = NEW.tree || substr(tree, length(OLD.tree) + 1),
        path = NEW.path || path[cardinality(OLD.path) + 1 :]
    WHERE tenant_id = NEW.tenant_id AND tree > OLD.tree AND tree < OLD.tree || '~';
    RETURN NULL;
END $$;
CREATE TRIGGER carry AFTER UPDATE OF parent_id, name ON locations
    FOR EACH ROW WHEN (OLD.path <> NEW.path OR OLD.tree <> NEW.tree)
    EXECUTE FUNCTION nexus.carry_locations();

SELECT nexus.add_policies('locations', 'tenant_id = nexus.tenant_id()', 'tenant_id = nexus.tenant_id()');
-- As nexus.audit_table, but what follows from a move above is a new version and no event of its own.
CREATE TRIGGER touch BEFORE UPDATE ON locations FOR EACH ROW EXECUTE FUNCTION nexus.bump_version('depth');
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF parent_id, name, type_id, code, address
    ON locations FOR EACH ROW EXECUTE FUNCTION nexus.audit('tenant', 'tree,path,depth', '');
SELECT nexus.make_searchable('locations', 'name', 'code', 'address');
GRANT EXECUTE ON FUNCTION nexus.locations_lock TO nexus_app;
