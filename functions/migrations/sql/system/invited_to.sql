-- What an invitation of the caller's is to; nothing where group or tenant are archived.
CREATE OR REPLACE FUNCTION nexus.invited_to(membership_id text)
RETURNS TABLE (tenant_name text, group_name text, invited_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.name, g.name, u.username
    FROM memberships m JOIN groups g ON g.id = m.group_id JOIN tenants t ON t.id = m.tenant_id
    LEFT JOIN users u ON u.id = m.invited_by_id
    WHERE m.id = membership_id AND m.user_id = nexus.user_id() AND m.accepted_at IS NULL
      AND num_nonnulls(g.archived_at, t.archived_at) = 0
$$;
GRANT EXECUTE ON FUNCTION nexus.invited_to TO nexus_app;
