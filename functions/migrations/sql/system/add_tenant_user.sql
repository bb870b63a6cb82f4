-- A member is among the tenant's users. The user's row is held, so that its names and a membership
-- that goes at once are seen.
CREATE OR REPLACE FUNCTION nexus.add_tenant_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM users WHERE id = NEW.user_id FOR NO KEY UPDATE;
    INSERT INTO tenant_users SELECT NEW.tenant_id, entry.* FROM nexus.tenant_user_row(NEW.user_id) AS entry
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
