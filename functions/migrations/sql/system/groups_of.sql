-- The groups of the selected tenant that a user is in, directly or through nested groups.
CREATE OR REPLACE FUNCTION nexus.groups_of(of_user text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE mine (group_id) AS (
        SELECT group_id FROM nexus.accepted_memberships WHERE user_id = of_user AND tenant_id = nexus.tenant_id()
        UNION
        SELECT m.group_id FROM mine JOIN memberships m ON m.member_group_id = mine.group_id
        JOIN groups g ON g.id = mine.group_id WHERE g.archived_at IS NULL
    )
    SELECT group_id FROM mine
$$;
GRANT EXECUTE ON FUNCTION nexus.groups_of TO nexus_app;
