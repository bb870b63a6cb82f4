-- A user known by exact username or email, of whatever tenant.
CREATE OR REPLACE FUNCTION nexus.find_user(name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM users WHERE (username = name OR email = name) AND deactivated_at IS NULL
$$;
GRANT EXECUTE ON FUNCTION nexus.find_user TO nexus_app;
