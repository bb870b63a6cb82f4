-- An issue is assigned to an active user of its tenant. The user is held, and then what the tenant has of
-- them, so that who is deactivated or leaves meanwhile is seen.
CREATE OR REPLACE FUNCTION nexus.check_assignee() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.assignee_id IS NOT DISTINCT FROM OLD.assignee_id THEN
        RETURN NULL;
    END IF;
    PERFORM FROM users WHERE id = NEW.assignee_id AND deactivated_at IS NULL FOR SHARE;
    IF FOUND THEN
        PERFORM FROM tenant_users WHERE tenant_id = NEW.tenant_id AND user_id = NEW.assignee_id FOR SHARE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'the assignee is no active user of the tenant';
    END IF;
    RETURN NULL;
END $$;
