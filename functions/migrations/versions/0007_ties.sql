-- As in the first revision, with one number for a resource that holds a record by several columns.
-- Both ends of a relationship are the record's own relationship once each.
CREATE OR REPLACE FUNCTION nexus.references_to(relation regclass, record_id text)
RETURNS TABLE (resource text, count bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    reference record;
    is_tenants boolean;
BEGIN
    FOR reference IN
        SELECT t.oid::regclass AS relation, t.relname,
               string_agg(DISTINCT format('%I = $1', a.attname), ' OR ') AS holds
        FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid
        CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(here, there)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.here
        JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.there AND f.attname = 'id'
        WHERE c.contype = 'f' AND c.confrelid = references_to.relation AND c.confdeltype IN ('a', 'r')
        GROUP BY t.oid, t.relname
        ORDER BY t.relname
    LOOP
        is_tenants := nexus.tenant_id() <> nexus.root_tenant_id() AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = reference.relation AND attname = 'tenant_id');
        resource := replace(reference.relname, '_', '-');
        EXECUTE format('SELECT count(*) FROM %s WHERE (%s) %s', reference.relation, reference.holds,
                       CASE WHEN is_tenants THEN 'AND tenant_id = nexus.tenant_id()' ELSE '' END)
            INTO count USING record_id;
        IF count > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;

-- A list of 50 items is one answer: what is stored is bounded, however it was written.
ALTER TABLE configuration_items ADD CONSTRAINT ck_configuration_items_attributes_size
    CHECK (octet_length(attributes::text) <= 65536) NOT VALID;

-- A person's user belongs to the tenant. Both triggers take the user's row, so that a tie and a
-- removal at once see each other.
CREATE FUNCTION nexus.check_user_of_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM FROM users WHERE id = NEW.user_id FOR SHARE;
    IF NOT EXISTS (SELECT FROM memberships WHERE tenant_id = NEW.tenant_id AND user_id = NEW.user_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_persons_user_id', MESSAGE = 'the user does not belong to the tenant';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ck_persons_user_id AFTER INSERT OR UPDATE OF user_id ON persons
    FOR EACH ROW WHEN (NEW.user_id IS NOT NULL) EXECUTE FUNCTION nexus.check_user_of_person();

CREATE FUNCTION nexus.untie_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM FROM users WHERE id = OLD.user_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM memberships WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id) THEN
        UPDATE persons SET user_id = NULL WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER untie_user AFTER DELETE ON memberships
    FOR EACH ROW WHEN (OLD.user_id IS NOT NULL) EXECUTE FUNCTION nexus.untie_user();
