-- A throttle lets as many attempts fail within 15 minutes as it has slots: each attempt holds one while
-- its password is looked at, and one that fails keeps it. So attempts at once cannot outrun the count, and
-- right passwords at once only take turns. Slots are held to the transaction's end.
-- Whoever holds a slot that failed before it was taken waits for another: nobody waits for that one.
CREATE OR REPLACE FUNCTION nexus.take_slot(throttle text, allowed integer, OUT wait integer, OUT slot integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    free integer[];
BEGIN
    LOOP
        SELECT s.wait, s.free INTO wait, free FROM nexus.slots(throttle, allowed) AS s;
        EXIT WHEN wait > 0;
        FOREACH slot IN ARRAY free LOOP
            IF pg_try_advisory_xact_lock(nexus.slot_lock(throttle, slot)) THEN
                SELECT s.wait, s.free INTO wait, free FROM nexus.slots(throttle, allowed) AS s;
                IF wait > 0 OR slot = ANY (free) THEN
                    RETURN;
                END IF;
            END IF;
        END LOOP;
        PERFORM pg_advisory_xact_lock(nexus.slot_lock(throttle, free[1 + floor(random() * cardinality(free))]));
    END LOOP;
END $$;
