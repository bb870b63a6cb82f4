-- Counts an attempt before it is checked, so that attempts at once cannot outrun the count.
-- Returns the seconds to wait, 0 to go ahead. Lock-outs last 1, 2, 4 … minutes, an hour at most.
CREATE OR REPLACE FUNCTION nexus.count_attempt(throttle text, allowed integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    t sign_in_throttles;
BEGIN
    INSERT INTO sign_in_throttles (id) VALUES (throttle) ON CONFLICT (id) DO NOTHING;
    SELECT * INTO t FROM sign_in_throttles WHERE id = throttle FOR UPDATE;
    IF t.locked_until > now() THEN
        RETURN ceil(extract(epoch FROM t.locked_until - now()));
    END IF;
    IF t.forget_at < now() THEN
        t.failures := 0; t.lockouts := 0; t.since := now();
    ELSIF t.failures < allowed AND t.since < now() - interval '15 minutes' THEN
        t.failures := 0; t.since := now();
    END IF;
    t.failures := t.failures + 1;
    t.forget_at := now() + interval '15 minutes';
    IF t.failures >= allowed THEN
        t.locked_until := now() + least(interval '1 minute' * 2 ^ least(t.lockouts, 6), interval '1 hour');
        t.lockouts := t.lockouts + 1;
        t.forget_at := t.locked_until + interval '15 minutes';
    END IF;
    UPDATE sign_in_throttles SET failures = t.failures, since = t.since, lockouts = t.lockouts,
        locked_until = t.locked_until, forget_at = t.forget_at WHERE id = throttle;
    RETURN 0;
END $$;
GRANT EXECUTE ON FUNCTION nexus.count_attempt TO nexus_app;
