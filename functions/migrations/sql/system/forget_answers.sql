-- What was answered to an old password is answered no more: those answers live with a session.
CREATE OR REPLACE FUNCTION nexus.forget_answers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM idempotency_keys WHERE session_id IN (SELECT id FROM sessions WHERE user_id = NEW.id);
    RETURN NULL;
END $$;
