-- Assets follow their model, carry_model(limit): as many as can in the time that a request has.
CREATE OR REPLACE FUNCTION nexus.carry_model() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM assets WHERE model_id = NEW.id OFFSET TG_ARGV[0]::bigint) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_models_carried',
            MESSAGE = 'too many assets would follow the model';
    END IF;
    UPDATE assets SET asset_type_id = NEW.asset_type_id, manufacturer_id = NEW.manufacturer_id
    WHERE model_id = NEW.id;
    RETURN NULL;
END $$;
