-- What follows from an enrollment's calendar and person, and that its dates lie inside the year. The year and
-- the school are held: neither the dates change meanwhile nor is one archived. The person is held by who enrolls.
CREATE OR REPLACE FUNCTION nexus.prepare_enrollment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    is_new constant boolean := TG_OP = 'INSERT';
    school_archived_at timestamptz;
    year record;
BEGIN
    IF is_new OR (NEW.person_id, NEW.calendar_id, NEW.school_id, NEW.school_year_id)
        IS DISTINCT FROM (OLD.person_id, OLD.calendar_id, OLD.school_id, OLD.school_year_id) THEN
        SELECT school_id, calendar_id INTO NEW.school_id, NEW.school_year_id
        FROM school_calendars WHERE tenant_id = NEW.tenant_id AND id = NEW.calendar_id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_school_enrollments_calendar_id',
                TABLE = TG_TABLE_NAME, MESSAGE = 'there is no such calendar';
        END IF;
        SELECT archived_at INTO school_archived_at FROM schools
        WHERE tenant_id = NEW.tenant_id AND id = NEW.school_id FOR KEY SHARE;
        SELECT sort_name_sort INTO NEW.person_sort FROM persons
        WHERE tenant_id = NEW.tenant_id AND id = NEW.person_id FOR SHARE;
        NEW.person_sort := coalesce(NEW.person_sort, '');
    END IF;
    SELECT start_date, end_date, archived_at INTO year FROM school_years
    WHERE tenant_id = NEW.tenant_id AND id = NEW.school_year_id FOR KEY SHARE;
    IF is_new AND (school_archived_at IS NOT NULL OR year.archived_at IS NOT NULL) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_enrollments_archived',
            MESSAGE = 'the school or the school year is archived';
    END IF;
    IF NEW.entry_date < year.start_date OR NEW.entry_date > year.end_date OR NEW.exit_date > year.end_date THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_enrollments_year',
            MESSAGE = 'an enrollment would lie outside its school year';
    END IF;
    RETURN NEW;
END $$;
