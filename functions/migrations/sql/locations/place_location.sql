-- A location finds its place below its parent; within itself there is none.
-- (A plan kept from an emptier table would read all of the tenant's.)
CREATE OR REPLACE FUNCTION nexus.place_location() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
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
