-- An issue is assigned to an active user of its tenant. What the tenant has of the user is held, so that who
-- leaves meanwhile is seen.
CREATE OR REPLACE FUNCTION nexus.check_assignee() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.assignee_id IS NOT DISTINCT FROM OLD.assignee_id THEN
        RETURN NULL;
    END IF;
    PERFORM FROM tenant_users t JOIN users u ON u.id = t.user_id
    WHERE t.tenant_id = NEW.tenant_id AND t.user_id = NEW.assignee_id AND u.deactivated_at IS NULL
    FOR SHARE OF t;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'the assignee is no active user of the tenant';
    END IF;
    RETURN NULL;
END $$;
