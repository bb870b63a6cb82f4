-- The tenants a user reaches through live groups, nested ones included; an archived tenant is in
-- reach of its administrators alone.
CREATE OR REPLACE FUNCTION nexus.reach(of_user text) RETURNS TABLE (tenant_id text, is_administrator boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE mine (group_id) AS (
        SELECT g.id FROM nexus.accepted_memberships m JOIN groups g ON g.id = m.group_id
        WHERE m.user_id = of_user AND g.archived_at IS NULL
        UNION
        SELECT g.id FROM mine JOIN memberships m ON m.member_group_id = mine.group_id
        JOIN groups g ON g.id = m.group_id WHERE g.archived_at IS NULL
    )
    SELECT g.tenant_id, bool_or(g.kind = 'administrators')
    FROM mine JOIN groups g ON g.id = mine.group_id JOIN tenants t ON t.id = g.tenant_id
    GROUP BY g.tenant_id, t.archived_at
    HAVING t.archived_at IS NULL OR bool_or(g.kind = 'administrators')
$$;
