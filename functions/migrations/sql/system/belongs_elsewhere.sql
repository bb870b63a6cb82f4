-- Whether a user belongs to another tenant than the selected one.
CREATE OR REPLACE FUNCTION nexus.belongs_elsewhere(of_user text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM memberships WHERE user_id = of_user AND tenant_id <> nexus.tenant_id())
$$;
GRANT EXECUTE ON FUNCTION nexus.belongs_elsewhere TO nexus_app;
