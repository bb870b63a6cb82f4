-- Ending an employment ends what it was for, with its date; what was planned for later has never begun. While it
-- lasts, all that is open lies inside it.
CREATE OR REPLACE FUNCTION nexus.follow_employment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.status IN ('terminated', 'retired') AND OLD.status = 'hired' THEN
        IF EXISTS (SELECT FROM school_employment_assignments WHERE tenant_id = NEW.tenant_id
                   AND employment_id = NEW.id AND status = 'active' AND start_date > NEW.end_date) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_employments_end_date',
                MESSAGE = 'an assignment began after that';
        END IF;
        UPDATE school_employment_assignments SET status = 'ended', ended_at = now(), end_date = NEW.end_date,
            start_date = CASE WHEN start_date <= NEW.end_date THEN start_date END
        WHERE tenant_id = NEW.tenant_id AND employment_id = NEW.id AND status IN ('planned', 'active');
    ELSIF EXISTS (SELECT FROM school_employment_assignments WHERE tenant_id = NEW.tenant_id
                  AND employment_id = NEW.id AND status IN ('planned', 'active') AND start_date < NEW.hire_date) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_employments_hire_date',
            MESSAGE = 'an assignment begins before that';
    END IF;
    RETURN NULL;
END $$;
