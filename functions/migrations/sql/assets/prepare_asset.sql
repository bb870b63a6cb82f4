-- What follows from an asset's model, so that one index finds by each. The model is held: it does not change
-- meanwhile.
CREATE OR REPLACE FUNCTION nexus.prepare_asset() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT tracking_type, asset_type_id, manufacturer_id
    INTO NEW.tracking_type, NEW.asset_type_id, NEW.manufacturer_id
    FROM asset_models WHERE id = NEW.model_id FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_assets_model_id',
            TABLE = TG_TABLE_NAME, MESSAGE = 'there is no such model';
    END IF;
    RETURN NEW;
END $$;
