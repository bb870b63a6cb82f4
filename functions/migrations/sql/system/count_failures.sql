-- The attempt that holds these slots failed. After a lock-out one more failure of the name from the
-- address locks again; the others start anew, or one request an hour would keep a name locked for all.
CREATE OR REPLACE FUNCTION nexus.count_failures(of_name text, of_address text, slots integer[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT nexus.count_failure(of_name || ' ' || of_address, 5, slots[1], 1);
    SELECT nexus.count_failure(of_name, 25, slots[2], 25);
    SELECT nexus.count_failure(of_address, 50, slots[3], 50);
$$;
GRANT EXECUTE ON FUNCTION nexus.count_failures TO nexus_app;
