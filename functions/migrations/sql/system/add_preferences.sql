-- Preferences come with their user.
CREATE OR REPLACE FUNCTION nexus.add_preferences() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO preferences (id, user_id) VALUES (nexus.ulid(), NEW.id);
    RETURN NULL;
END $$;
