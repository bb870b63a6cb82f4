-- The users in a group of the selected tenant, directly or through live nested groups.
CREATE OR REPLACE FUNCTION nexus.members_of_group(of_group text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE below (group_id) AS (
        SELECT id FROM groups WHERE id = of_group AND tenant_id = nexus.tenant_id()
        UNION
        SELECT g.id FROM below JOIN memberships m ON m.group_id = below.group_id
        JOIN groups g ON g.id = m.member_group_id WHERE g.archived_at IS NULL
    )
    SELECT DISTINCT m.user_id FROM below JOIN nexus.accepted_memberships m ON m.group_id = below.group_id
    WHERE m.user_id IS NOT NULL
$$;
GRANT EXECUTE ON FUNCTION nexus.members_of_group TO nexus_app;
