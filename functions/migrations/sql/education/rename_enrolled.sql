-- Lists by name follow a person's name.
CREATE OR REPLACE FUNCTION nexus.rename_enrolled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE school_enrollments SET person_sort = coalesce(NEW.sort_name_sort, '')
    WHERE tenant_id = NEW.tenant_id AND person_id = NEW.id;
    RETURN NULL;
END $$;
