-- The tenants the caller sees: those in reach; for an administrator of the root tenant, all.
CREATE OR REPLACE FUNCTION nexus.visible_tenants() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH reached AS MATERIALIZED (SELECT * FROM nexus.reach(nexus.user_id()))
    SELECT tenant_id FROM reached
    UNION
    SELECT id FROM tenants WHERE EXISTS (
        SELECT FROM reached WHERE tenant_id = nexus.root_tenant_id() AND is_administrator)
$$;
GRANT EXECUTE ON FUNCTION nexus.visible_tenants TO nexus_app;
