-- After (by name) nexus.drop_tenant_user, which holds what the tenant has of the user.
CREATE OR REPLACE FUNCTION nexus.untie_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM tenant_users WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id) THEN
        UPDATE persons SET user_id = NULL WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id;
    END IF;
    RETURN NULL;
END $$;
