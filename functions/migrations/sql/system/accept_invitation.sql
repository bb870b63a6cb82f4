-- The caller's invitation becomes a membership; the tenant's id, or null where there is none. The user's
-- row and the tenant's come before the membership's, as where those are deleted.
CREATE OR REPLACE FUNCTION nexus.accept_invitation(membership_id text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT FROM users WHERE id = nexus.user_id() FOR NO KEY UPDATE;
    SELECT FROM tenants WHERE id = (SELECT tenant_id FROM memberships WHERE id = membership_id AND user_id = nexus.user_id())
    FOR KEY SHARE;
    UPDATE memberships SET accepted_at = now()
    WHERE id = membership_id AND user_id = nexus.user_id() AND accepted_at IS NULL
      AND EXISTS (SELECT FROM nexus.invited_to(membership_id))
    RETURNING tenant_id
$$;
GRANT EXECUTE ON FUNCTION nexus.accept_invitation TO nexus_app;
