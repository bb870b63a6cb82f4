-- One more of what may be done so often in a span of time: the seconds to wait, 0 where it may be done.
-- Taken back with the transaction.
CREATE OR REPLACE FUNCTION nexus.take_quota(quota text, allowed integer, span interval) RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO quotas AS q (id, used, expires_at) VALUES (quota, 1, now() + span)
    ON CONFLICT (id) DO UPDATE
    SET used = CASE WHEN q.expires_at <= now() THEN 1 ELSE q.used + 1 END,
        expires_at = CASE WHEN q.expires_at <= now() THEN now() + span ELSE q.expires_at END
    RETURNING CASE WHEN used > allowed THEN ceil(extract(epoch FROM expires_at - now()))::integer ELSE 0 END
$$;
GRANT EXECUTE ON FUNCTION nexus.take_quota TO nexus_app;
