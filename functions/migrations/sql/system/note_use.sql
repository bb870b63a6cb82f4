-- A session is in use: its end moves. A request that finds the row locked leaves it to the one that holds it.
CREATE OR REPLACE FUNCTION nexus.note_use(token_id text, hash bytea, idle interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE sessions SET last_used_at = now(), expires_at = least(ends_at, now() + idle + interval '1 minute')
    WHERE id = (SELECT s.id FROM sessions s WHERE s.id = token_id AND s.token_hash = hash
                AND nexus.is_due(s.last_used_at, s.expires_at, s.ends_at, idle) FOR UPDATE SKIP LOCKED)
$$;
GRANT EXECUTE ON FUNCTION nexus.note_use TO nexus_app;
