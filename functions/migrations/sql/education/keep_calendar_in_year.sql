-- A calendar stays in the year that its enrollments were in.
CREATE OR REPLACE FUNCTION nexus.keep_calendar_in_year() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM school_enrollments WHERE tenant_id = NEW.tenant_id AND calendar_id = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'there are enrollments in the calendar';
    END IF;
    RETURN NEW;
END $$;
