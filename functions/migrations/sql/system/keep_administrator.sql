CREATE OR REPLACE FUNCTION nexus.keep_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'users' THEN
        PERFORM nexus.require_administrator(tenant_id)
        FROM (SELECT tenant_id FROM nexus.reach(OLD.id) WHERE is_administrator ORDER BY tenant_id) AS mine;
    ELSE
        PERFORM nexus.require_administrator(OLD.tenant_id);
    END IF;
    RETURN NULL;
END $$;
