-- A person's user belongs to the tenant. What the tenant has of the user is held, so that a tie and a
-- removal at once see each other.
CREATE OR REPLACE FUNCTION nexus.check_user_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM tenant_users WHERE tenant_id = NEW.tenant_id AND user_id = NEW.user_id FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_persons_user_id', MESSAGE = 'the user does not belong to the tenant';
    END IF;
    RETURN NULL;
END $$;
