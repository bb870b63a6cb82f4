CREATE OR REPLACE FUNCTION nexus.mark_current_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    other constant text[] := ARRAY (
        SELECT id FROM identities
        WHERE tenant_id = NEW.tenant_id AND person_id = NEW.id
          AND is_current <> coalesce(id = NEW.current_identity_id, false)
        ORDER BY id FOR NO KEY UPDATE);
BEGIN
    UPDATE identities SET is_current = NOT is_current WHERE id = ANY (other);
    RETURN NULL;
END $$;
