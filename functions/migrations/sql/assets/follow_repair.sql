CREATE OR REPLACE FUNCTION nexus.follow_repair() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM nexus.count_open_repairs(NEW.tenant_id, NEW.asset_id);
    RETURN NULL;
END $$;
