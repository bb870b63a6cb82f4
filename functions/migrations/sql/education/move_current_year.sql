-- A tenant has one current school year: where another becomes it, the mark moves. The tenant is held, so that
-- two at once take turns.
CREATE OR REPLACE FUNCTION nexus.move_current_year() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM tenants WHERE id = NEW.tenant_id FOR NO KEY UPDATE;
    UPDATE school_years SET is_current = false
    WHERE tenant_id = NEW.tenant_id AND is_current AND id <> NEW.id;
    RETURN NEW;
END $$;
