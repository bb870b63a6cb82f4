-- A person's current identity is active and not archived when the transaction ends. The lock makes
-- a request that deactivates the identity at once wait and then clear it.
CREATE OR REPLACE FUNCTION nexus.check_current_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    chosen constant text := (SELECT current_identity_id FROM persons WHERE id = NEW.id);
BEGIN
    IF chosen IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM identities
    WHERE id = chosen AND deactivated_at IS NULL AND archived_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_persons_current_identity_id', MESSAGE = 'the current identity is not active';
    END IF;
    RETURN NULL;
END $$;
