-- A tenant keeps an active administrator. Runs after the change, under a lock for each tenant, so
-- that of two requests which each remove one of the last two the second sees the first.
CREATE OR REPLACE FUNCTION nexus.require_administrator(of_tenant text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('administrators:' || of_tenant, 0));
    IF EXISTS (SELECT FROM groups WHERE tenant_id = of_tenant AND kind = 'administrators')
       AND NOT EXISTS (
        WITH RECURSIVE below (group_id) AS (
            SELECT id FROM groups WHERE tenant_id = of_tenant AND kind = 'administrators'
            UNION
            SELECT g.id FROM below JOIN memberships m ON m.group_id = below.group_id
            JOIN groups g ON g.id = m.member_group_id WHERE g.archived_at IS NULL
        )
        SELECT FROM below JOIN nexus.accepted_memberships m ON m.group_id = below.group_id
        JOIN users u ON u.id = m.user_id WHERE u.deactivated_at IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_tenants_administrator',
            MESSAGE = 'a tenant would be left without an administrator';
    END IF;
END $$;
