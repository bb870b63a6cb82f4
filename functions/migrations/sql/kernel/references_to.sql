-- What keeps a record from being deleted: the rows elsewhere that reference it (parts, which go with
-- it, are foreign keys ON DELETE CASCADE), one number for a resource that holds it by several columns.
-- Of a table that says so in its comment ("held by issues, each issue_id") other records are what holds.
-- Rows of other tenants are told to the root tenant only.
CREATE OR REPLACE FUNCTION nexus.references_to(relation regclass, record_id text)
RETURNS TABLE (resource text, count bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    reference record;
    holder text[];
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
        is_tenants := nexus.tenant_id() IS DISTINCT FROM nexus.root_tenant_id() AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = reference.relation AND attname = 'tenant_id');
        holder := coalesce(regexp_match(obj_description(reference.relation, 'pg_class'), '^held by (\S+), each (\w+)$'),
                           ARRAY[replace(reference.relname, '_', '-'), NULL]);
        resource := holder[1];
        EXECUTE format('SELECT count(%s) FROM %s WHERE (%s) %s',
                       CASE WHEN holder[2] IS NULL THEN '*' ELSE format('DISTINCT %I', holder[2]) END,
                       reference.relation, reference.holds,
                       CASE WHEN is_tenants THEN 'AND tenant_id = nexus.tenant_id()' ELSE '' END)
            INTO count USING record_id;
        IF count > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION nexus.references_to TO nexus_app;
