CREATE OR REPLACE FUNCTION nexus.clear_current_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE persons SET current_identity_id = NULL
    WHERE id = NEW.person_id AND current_identity_id = NEW.id;
    RETURN NULL;
END $$;
