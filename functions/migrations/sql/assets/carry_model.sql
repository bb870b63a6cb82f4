-- Assets follow their model.
CREATE OR REPLACE FUNCTION nexus.carry_model() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE assets SET asset_type_id = NEW.asset_type_id, manufacturer_id = NEW.manufacturer_id
    WHERE model_id = NEW.id
      AND (asset_type_id, manufacturer_id) IS DISTINCT FROM (NEW.asset_type_id, NEW.manufacturer_id);
    RETURN NULL;
END $$;
