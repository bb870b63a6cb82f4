CREATE OR REPLACE FUNCTION nexus.slot_lock(throttle text, slot integer) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN hashtextextended('attempt:' || throttle || ' ' || slot, 0);
