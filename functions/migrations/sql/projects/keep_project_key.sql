-- A project's key stays while issues are in it.
CREATE OR REPLACE FUNCTION nexus.keep_project_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM issues WHERE project_id = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'issues have the key of the project';
    END IF;
    RETURN NULL;
END $$;
