-- Whether the caller may change a user's account as an administrator: the selected tenant made it and it
-- belongs to no other. To an administrator of the root tenant all accounts are open.
CREATE OR REPLACE FUNCTION nexus.administers_user(of_user text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH mine AS MATERIALIZED (SELECT tenant_id FROM nexus.reach(nexus.user_id()) WHERE is_administrator)
    SELECT EXISTS (SELECT FROM mine WHERE tenant_id = nexus.root_tenant_id()) OR EXISTS (
        SELECT FROM mine JOIN users u ON u.origin_tenant_id = mine.tenant_id
        WHERE u.id = of_user AND mine.tenant_id = nexus.tenant_id() AND NOT EXISTS (
            SELECT FROM nexus.accepted_memberships m WHERE m.user_id = u.id AND m.tenant_id <> mine.tenant_id))
$$;
GRANT EXECUTE ON FUNCTION nexus.administers_user TO nexus_app;
