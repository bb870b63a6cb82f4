-- An asset type finds its place below its parent; within itself there is none.
CREATE OR REPLACE FUNCTION nexus.place_asset_type() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    above text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock_shared(nexus.asset_types_lock());
    ELSE
        PERFORM pg_advisory_xact_lock(nexus.asset_types_lock());
    END IF;
    SELECT tree INTO above FROM asset_types WHERE id = NEW.parent_id;
    IF TG_OP = 'UPDATE' AND starts_with(above, OLD.tree) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_types_cycle',
            MESSAGE = 'an asset type would lie within itself';
    END IF;
    NEW.tree := coalesce(above, '') || NEW.id;
    RETURN NEW;
END $$;
