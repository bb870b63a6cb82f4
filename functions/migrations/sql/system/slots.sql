-- The seconds that a throttle is locked for, and its slots in which nobody has failed within 15 minutes.
CREATE OR REPLACE FUNCTION nexus.slots(throttle text, allowed integer, OUT wait integer, OUT free integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    t sign_in_throttles;
BEGIN
    SELECT * INTO t FROM sign_in_throttles WHERE id = throttle;
    wait := 0;
    IF t.locked_until > clock_timestamp() THEN  -- versions before 17 do not subtract from -infinity
        wait := ceil(extract(epoch FROM t.locked_until - clock_timestamp()));
    END IF;
    free := ARRAY (
        SELECT slot FROM generate_series(1, allowed) AS slot
        WHERE t.id IS NULL OR t.since < clock_timestamp() - interval '15 minutes' OR slot <> ALL (t.failed));
END $$;
