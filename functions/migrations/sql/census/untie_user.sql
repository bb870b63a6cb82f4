CREATE OR REPLACE FUNCTION nexus.untie_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM users WHERE id = OLD.user_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM nexus.accepted_memberships WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id) THEN
        UPDATE persons SET user_id = NULL WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id;
    END IF;
    RETURN NULL;
END $$;
