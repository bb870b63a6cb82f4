-- An attempt failed in a slot (in none where the throttle does not hold the caller up). With the last slot
-- the throttle is locked, for 1, 2, 4 … minutes, an hour at most; then it has `left_over` slots for the
-- next 15 minutes.
CREATE OR REPLACE FUNCTION nexus.count_failure(throttle text, allowed integer, slot integer, left_over integer)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    t sign_in_throttles;
    wait integer;
    free integer[];
BEGIN
    INSERT INTO sign_in_throttles (id) VALUES (throttle) ON CONFLICT (id) DO NOTHING;
    SELECT * INTO t FROM sign_in_throttles WHERE id = throttle FOR UPDATE;
    SELECT s.wait, s.free INTO wait, free FROM nexus.slots(throttle, allowed) AS s;
    IF wait > 0 THEN
        RETURN;
    END IF;
    IF cardinality(free) = allowed THEN
        t.since := clock_timestamp();
        t.failed := '{}';
    END IF;
    IF t.forget_at < clock_timestamp() THEN
        t.lockouts := 0;
    END IF;
    t.failed := t.failed || coalesce(slot, free[1]);
    IF cardinality(t.failed) >= allowed THEN
        t.locked_until := clock_timestamp() + least(interval '1 minute' * 2 ^ least(t.lockouts, 6), interval '1 hour');
        t.lockouts := t.lockouts + 1;
        t.since := t.locked_until;
        t.failed := t.failed[left_over + 1 :];
    END IF;
    UPDATE sign_in_throttles
    SET failed = t.failed, since = t.since, lockouts = t.lockouts, locked_until = t.locked_until,
        forget_at = greatest(t.since, clock_timestamp()) + interval '15 minutes'
    WHERE id = throttle;
END $$;
