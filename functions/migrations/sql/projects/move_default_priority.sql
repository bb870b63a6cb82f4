-- A tenant has one default priority: where another is marked, the mark moves. The tenant is held, so that
-- two at once take turns.
CREATE OR REPLACE FUNCTION nexus.move_default_priority() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM tenants WHERE id = NEW.tenant_id FOR NO KEY UPDATE;
    UPDATE issue_priorities SET is_default = false
    WHERE tenant_id = NEW.tenant_id AND is_default AND id <> NEW.id;
    RETURN NEW;
END $$;
