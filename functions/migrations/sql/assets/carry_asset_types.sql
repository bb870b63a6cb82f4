-- All below a moved asset type goes with it, whosever it is, in one statement.
CREATE OR REPLACE FUNCTION nexus.carry_asset_types() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE asset_types SET tree = NEW.tree || substr(tree, length(OLD.tree) + 1)
    WHERE tree > OLD.tree AND tree < OLD.tree || '~';
    RETURN NULL;
END $$;
