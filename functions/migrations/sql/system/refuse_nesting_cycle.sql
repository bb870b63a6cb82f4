-- No group is, through nesting, its own member. The lock makes two nestings at once take turns.
CREATE OR REPLACE FUNCTION nexus.refuse_nesting_cycle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('nesting:' || NEW.tenant_id, 0));
    IF EXISTS (
        WITH RECURSIVE below (group_id) AS (
            SELECT NEW.member_group_id
            UNION
            SELECT m.member_group_id FROM below JOIN memberships m ON m.group_id = below.group_id
            WHERE m.member_group_id IS NOT NULL
        ) SELECT FROM below WHERE group_id = NEW.group_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_memberships_no_cycle',
            MESSAGE = 'a group would be its own member';
    END IF;
    RETURN NULL;
END $$;
