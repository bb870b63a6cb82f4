-- Whether a session's use is to be noted: once a minute, so its end lies a minute further than need be, and
-- whoever was idle for less than the idle time is in.
CREATE OR REPLACE FUNCTION nexus.is_due(
    last_used_at timestamptz, expires_at timestamptz, ends_at timestamptz, idle interval
) RETURNS boolean LANGUAGE sql STABLE
    RETURN last_used_at < now() - interval '1 minute' OR expires_at < least(ends_at, now() + idle);
