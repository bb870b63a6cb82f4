-- A member is among the tenant's users. Nobody comes to a tenant who did not ask for it, but those whom it
-- made. The user's row is held, so that its names are seen; then what the tenant has of it, so that a
-- membership that goes at once is seen, or sees this one.
CREATE OR REPLACE FUNCTION nexus.add_tenant_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM users WHERE id = NEW.user_id FOR NO KEY UPDATE;
    PERFORM FROM tenant_users WHERE tenant_id = NEW.tenant_id AND user_id = NEW.user_id FOR UPDATE;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    IF NEW.user_id IS DISTINCT FROM nexus.user_id()
       AND NOT EXISTS (SELECT FROM users WHERE id = NEW.user_id AND origin_tenant_id = NEW.tenant_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_memberships_consent',
            MESSAGE = 'the user has not accepted an invitation';
    END IF;
    INSERT INTO tenant_users SELECT NEW.tenant_id, entry.* FROM nexus.tenant_user_row(NEW.user_id) AS entry
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
