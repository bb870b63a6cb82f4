-- All below a renamed or moved location goes with it, in one statement.
CREATE OR REPLACE FUNCTION nexus.carry_locations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE locations
    SET tree = NEW.tree || substr(tree, length(OLD.tree) + 1),
        path = NEW.path || path[cardinality(OLD.path) + 1 :]
    WHERE tenant_id = NEW.tenant_id AND tree > OLD.tree AND tree < OLD.tree || '~';
    RETURN NULL;
END $$;
