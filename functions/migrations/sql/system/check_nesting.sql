-- No group is, through nesting, its own member, and none lies more than 10 below another, archived ones
-- counted. The lock makes two nestings at once take turns. A group is looked at once for each depth that
-- it is met in, however many ways lead there.
CREATE OR REPLACE FUNCTION nexus.check_nesting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    at_most constant integer := 10;
    above integer;
    below integer;
    is_cycle boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('nesting:' || NEW.tenant_id, 0));
    WITH RECURSIVE inner_groups (group_id, depth) AS (
        SELECT NEW.member_group_id, 0
        UNION
        SELECT m.member_group_id, g.depth + 1
        FROM inner_groups g JOIN memberships m ON m.group_id = g.group_id
        WHERE m.member_group_id IS NOT NULL AND g.depth < at_most
    )
    SELECT max(depth), bool_or(group_id = NEW.group_id) INTO below, is_cycle FROM inner_groups;
    IF is_cycle THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_memberships_no_cycle',
            MESSAGE = 'a group would be its own member';
    END IF;
    WITH RECURSIVE outer_groups (group_id, depth) AS (
        SELECT NEW.group_id, 0
        UNION
        SELECT m.group_id, g.depth + 1
        FROM outer_groups g JOIN memberships m ON m.member_group_id = g.group_id
        WHERE g.depth < at_most
    )
    SELECT max(depth) INTO above FROM outer_groups;
    IF above + 1 + below > at_most THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_memberships_depth',
            MESSAGE = 'groups would be nested too deep';
    END IF;
    RETURN NULL;
END $$;
