-- The caller signed in from an address: for 30 days failures elsewhere do not hold them up there.
CREATE OR REPLACE FUNCTION nexus.know_address(of_address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO known_addresses (id, user_id, expires_at)
    VALUES (nexus.user_id() || ' ' || of_address, nexus.user_id(), now() + interval '30 days')
    ON CONFLICT (id) DO UPDATE SET expires_at = EXCLUDED.expires_at;
$$;
GRANT EXECUTE ON FUNCTION nexus.know_address TO nexus_app;
