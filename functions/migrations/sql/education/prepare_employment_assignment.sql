-- Whose an assignment is; that it is active only while its employment lasts, and that what is open lies inside
-- it. The employment is held: it does not end meanwhile.
CREATE OR REPLACE FUNCTION nexus.prepare_employment_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    employment record;
BEGIN
    SELECT person_id, status, hire_date INTO employment FROM school_employments
    WHERE tenant_id = NEW.tenant_id AND id = NEW.employment_id FOR SHARE;
    NEW.person_id := employment.person_id;
    IF NEW.status = 'active' AND employment.status <> 'hired'
        OR NEW.status = 'planned' AND employment.status NOT IN ('pending', 'hired') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_school_employment_assignments_employment', MESSAGE = 'the employment does not last';
    END IF;
    IF NEW.status <> 'ended' AND NEW.start_date < employment.hire_date THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_employment_assignments_start_date',
            MESSAGE = 'an assignment would begin before its employment';
    END IF;
    RETURN NEW;
END $$;
