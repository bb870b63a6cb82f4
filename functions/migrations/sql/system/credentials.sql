-- What a sign-in needs to know of a user, before there is a context.
CREATE OR REPLACE FUNCTION nexus.credentials(name text)
RETURNS TABLE (user_id text, password_hash text, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id, password_hash, deactivated_at IS NULL FROM users WHERE username = name OR email = name
$$;
GRANT EXECUTE ON FUNCTION nexus.credentials TO nexus_app;
