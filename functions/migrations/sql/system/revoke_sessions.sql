-- Ends sessions of a user: one (only), or all but one (keep); their tokens stay refused until they
-- would have expired. Returns how many ended. Of oneself, or of a user whom the caller administers.
CREATE OR REPLACE FUNCTION nexus.revoke_sessions(of_user text, only_this text, keep text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    IF of_user IS DISTINCT FROM nexus.user_id() AND NOT nexus.administers_user(of_user) THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'not the caller''s sessions to end';
    END IF;
    WITH gone AS (
        DELETE FROM sessions WHERE user_id = of_user AND (only_this IS NULL OR id = only_this)
            AND id IS DISTINCT FROM keep
        RETURNING id, ends_at
    )
    INSERT INTO revoked_tokens (id, expires_at) SELECT id, ends_at FROM gone
    ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;
GRANT EXECUTE ON FUNCTION nexus.revoke_sessions TO nexus_app;
