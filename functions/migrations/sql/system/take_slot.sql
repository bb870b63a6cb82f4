-- A throttle lets as many attempts fail within 15 minutes as it has slots: each attempt holds one while
-- its password is looked at, and one that fails keeps it. So attempts at once cannot outrun the count, and
-- right passwords at once only take turns. Slots are held to the transaction's end; one that turns out to
-- have failed is let go before another is waited for, or two would wait for each other.
CREATE OR REPLACE FUNCTION nexus.take_slot(throttle text, allowed integer, OUT wait integer, OUT slot integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    free integer[];
    is_waiting boolean := false;
BEGIN
    LOOP
        SELECT s.wait, s.free INTO wait, free FROM nexus.slots(throttle, allowed) AS s;
        EXIT WHEN wait > 0;
        IF is_waiting THEN
            free := free[1 + floor(random() * cardinality(free)) :];
            free := free[: 1];
        END IF;
        FOREACH slot IN ARRAY free LOOP
            BEGIN
                IF is_waiting THEN
                    PERFORM pg_advisory_xact_lock(nexus.slot_lock(throttle, slot));
                ELSIF NOT pg_try_advisory_xact_lock(nexus.slot_lock(throttle, slot)) THEN
                    CONTINUE;
                END IF;
                SELECT s.wait, s.free INTO wait, free FROM nexus.slots(throttle, allowed) AS s;
                IF wait > 0 OR slot = ANY (free) THEN
                    RETURN;
                END IF;
                RAISE EXCEPTION USING ERRCODE = 'NX001', MESSAGE = 'the slot has failed';
            EXCEPTION WHEN SQLSTATE 'NX001' THEN
                NULL;
            END;
        END LOOP;
        is_waiting := NOT is_waiting;
    END LOOP;
END $$;
