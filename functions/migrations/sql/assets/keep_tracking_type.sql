-- A model's assets are tracked as it said when they were made.
CREATE OR REPLACE FUNCTION nexus.keep_tracking_type() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM assets WHERE model_id = NEW.id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, MESSAGE = 'there are assets of it';
    END IF;
    RETURN NULL;
END $$;
