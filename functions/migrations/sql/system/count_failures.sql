-- The attempt that holds these slots failed.
CREATE OR REPLACE FUNCTION nexus.count_failures(of_name text, of_address text, slots integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT * FROM nexus.throttles(of_name, of_address) ORDER BY place LOOP
        PERFORM nexus.count_failure(t.throttle, t.allowed, slots[t.place], t.left_over);
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION nexus.count_failures TO nexus_app;
