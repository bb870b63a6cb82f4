-- The password was right: what failed for the name from the address counts no more.
CREATE OR REPLACE FUNCTION nexus.forgive_failures(of_name text, of_address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DELETE FROM sign_in_throttles WHERE id = (SELECT throttle FROM nexus.throttles(of_name, of_address) WHERE place = 1);
$$;
GRANT EXECUTE ON FUNCTION nexus.forgive_failures TO nexus_app;
