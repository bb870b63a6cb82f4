-- The active user whom an administrator names exactly by one of both, of whatever tenant, and whether they
-- belong to the selected one.
CREATE OR REPLACE FUNCTION nexus.find_user(username text, email text) RETURNS TABLE (id text, belongs boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT u.id, EXISTS (SELECT FROM tenant_users t WHERE t.tenant_id = nexus.tenant_id() AND t.user_id = u.id)
    FROM users u
    WHERE (u.username = find_user.username OR u.email = find_user.email) AND u.deactivated_at IS NULL AND nexus.is_administrator()
$$;
GRANT EXECUTE ON FUNCTION nexus.find_user TO nexus_app;
