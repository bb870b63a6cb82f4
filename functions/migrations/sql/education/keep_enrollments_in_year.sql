-- A year holds all of its enrollments. Whoever enrolls holds the year.
CREATE OR REPLACE FUNCTION nexus.keep_enrollments_in_year() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM school_enrollments WHERE tenant_id = NEW.tenant_id AND school_year_id = NEW.id
               AND entry_date < NEW.start_date)
        OR EXISTS (SELECT FROM school_enrollments WHERE tenant_id = NEW.tenant_id AND school_year_id = NEW.id
                   AND entry_date > NEW.end_date)
        OR EXISTS (SELECT FROM school_enrollments WHERE tenant_id = NEW.tenant_id AND school_year_id = NEW.id
                   AND exit_date > NEW.end_date) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'enrollments would fall out of the year';
    END IF;
    RETURN NULL;
END $$;
