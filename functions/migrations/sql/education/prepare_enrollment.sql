-- What follows from an enrollment's calendar and person, and that its dates lie inside the year, which is held:
-- its dates do not change meanwhile. The person is held by who enrolls.
CREATE OR REPLACE FUNCTION nexus.prepare_enrollment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    year record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT school_id, calendar_id INTO NEW.school_id, NEW.school_year_id
        FROM school_calendars WHERE tenant_id = NEW.tenant_id AND id = NEW.calendar_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_school_enrollments_calendar_id',
                TABLE = TG_TABLE_NAME, MESSAGE = 'there is no such calendar';
        END IF;
        SELECT sort_name_sort INTO NEW.person_sort FROM persons
        WHERE tenant_id = NEW.tenant_id AND id = NEW.person_id FOR SHARE;
    END IF;
    SELECT start_date, end_date INTO year FROM school_years
    WHERE tenant_id = NEW.tenant_id AND id = NEW.school_year_id FOR SHARE;
    IF NEW.entry_date < year.start_date OR NEW.entry_date > year.end_date OR NEW.exit_date > year.end_date THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_school_enrollments_year',
            MESSAGE = 'an enrollment would lie outside its school year';
    END IF;
    RETURN NEW;
END $$;
