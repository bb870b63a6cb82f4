-- What attempts at a name from an address count for, in the order in which slots are taken: how many may
-- fail, and how many are left for the 15 minutes behind a lock-out. The name from the address is locked
-- again by one more; the others start anew, or one request an hour would keep a name locked for all.
CREATE OR REPLACE FUNCTION nexus.throttles(of_name text, of_address text)
RETURNS TABLE (place integer, throttle text, allowed integer, left_over integer) LANGUAGE sql IMMUTABLE AS $$
    VALUES (1, of_name || ' ' || of_address, 5, 1), (2, of_name, 25, 25), (3, of_address, 50, 50)
$$;
