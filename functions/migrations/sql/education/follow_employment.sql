-- Ending an employment ends what it was for, with its date or with an earlier one that was planned; what was
-- planned for later has never begun. Where that date is corrected, what ended with it is too. While an employment
-- lasts, all that is open lies inside it.
CREATE OR REPLACE FUNCTION nexus.follow_employment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    has_ended constant boolean := NEW.status IN ('terminated', 'retired');
    had_ended constant boolean := OLD.status IN ('terminated', 'retired');
BEGIN
    IF has_ended AND EXISTS (
        SELECT FROM school_employment_assignments WHERE tenant_id = NEW.tenant_id AND employment_id = NEW.id
        AND start_date > NEW.end_date
        AND (status = 'active' OR status = 'ended' AND had_ended AND end_date = OLD.end_date)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_employments_end_date',
            MESSAGE = 'an assignment began after that';
    END IF;
    IF has_ended AND NOT had_ended THEN
        UPDATE school_employment_assignments SET status = 'ended', ended_at = now(),
            end_date = least(end_date, NEW.end_date),
            start_date = CASE WHEN start_date <= NEW.end_date THEN start_date END
        WHERE tenant_id = NEW.tenant_id AND employment_id = NEW.id AND status IN ('planned', 'active');
    ELSIF has_ended AND NEW.end_date <> OLD.end_date THEN
        UPDATE school_employment_assignments SET end_date = NEW.end_date
        WHERE tenant_id = NEW.tenant_id AND employment_id = NEW.id AND status = 'ended' AND end_date = OLD.end_date;
    ELSIF EXISTS (SELECT FROM school_employment_assignments WHERE tenant_id = NEW.tenant_id
                  AND employment_id = NEW.id AND status IN ('planned', 'active') AND start_date < NEW.hire_date) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_employments_hire_date',
            MESSAGE = 'an assignment begins before that';
    END IF;
    RETURN NULL;
END $$;
