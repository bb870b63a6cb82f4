-- The person's names follow (nexus.name_person). Of two requests at once the second waits for the first
-- and sees its names.
CREATE OR REPLACE FUNCTION nexus.gather_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE persons SET names = names WHERE id = coalesce(NEW.person_id, OLD.person_id);
    RETURN NULL;
END $$;
