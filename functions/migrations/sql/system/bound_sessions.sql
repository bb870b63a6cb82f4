-- A user has up to 100 sessions: the oldest go.
CREATE OR REPLACE FUNCTION nexus.bound_sessions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    WITH gone AS (
        DELETE FROM sessions WHERE id IN (
            SELECT id FROM sessions WHERE user_id = NEW.user_id ORDER BY id DESC OFFSET 100)
        RETURNING id, ends_at
    )
    INSERT INTO revoked_tokens (id, expires_at) SELECT id, ends_at FROM gone ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END $$;
