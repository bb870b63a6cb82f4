-- Whether the caller administers the selected tenant.
CREATE OR REPLACE FUNCTION nexus.is_administrator() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT nexus.tenant_id() IS NOT NULL AND EXISTS (
        SELECT FROM nexus.reach(nexus.user_id()) AS r
        WHERE r.is_administrator AND r.tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id()))
$$;
GRANT EXECUTE ON FUNCTION nexus.is_administrator TO nexus_app;
