-- A person's user belongs to the tenant. Both triggers take the user's row, so that a tie and a
-- removal at once see each other.
CREATE OR REPLACE FUNCTION nexus.check_user_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM users WHERE id = NEW.user_id FOR SHARE;
    IF NOT EXISTS (SELECT FROM nexus.accepted_memberships WHERE tenant_id = NEW.tenant_id AND user_id = NEW.user_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_persons_user_id', MESSAGE = 'the user does not belong to the tenant';
    END IF;
    RETURN NULL;
END $$;
