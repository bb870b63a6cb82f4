-- Without any membership in the tenant a user is none of its users. The user's own row is not waited for:
-- who deletes the user holds it, and waits for this membership.
CREATE OR REPLACE FUNCTION nexus.drop_tenant_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM tenant_users WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id FOR UPDATE;
    DELETE FROM tenant_users t WHERE t.tenant_id = OLD.tenant_id AND t.user_id = OLD.user_id
        AND NOT EXISTS (SELECT FROM nexus.accepted_memberships m WHERE m.tenant_id = t.tenant_id AND m.user_id = t.user_id);
    RETURN NULL;
END $$;
