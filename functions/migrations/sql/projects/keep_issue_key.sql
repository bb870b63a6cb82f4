-- A key that an issue got is found by for ever.
CREATE OR REPLACE FUNCTION nexus.keep_issue_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO issue_keys (tenant_id, key, issue_id) VALUES (NEW.tenant_id, NEW.key, NEW.id)
    ON CONFLICT ON CONSTRAINT pk_issue_keys DO NOTHING;
    RETURN NULL;
END $$;
