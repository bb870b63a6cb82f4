-- The caller's invitation becomes a membership; the tenant's id, or null where there is none. The user's
-- row comes before the membership's, as where the user is deleted.
CREATE OR REPLACE FUNCTION nexus.accept_invitation(membership_id text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT FROM users WHERE id = nexus.user_id() FOR NO KEY UPDATE;
    UPDATE memberships SET accepted_at = now()
    WHERE id = membership_id AND user_id = nexus.user_id() AND accepted_at IS NULL
      AND EXISTS (SELECT FROM nexus.invited_to(membership_id))
    RETURNING tenant_id
$$;
GRANT EXECUTE ON FUNCTION nexus.accept_invitation TO nexus_app;
