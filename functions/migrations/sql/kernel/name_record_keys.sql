-- The keys that a table has LIKE nexus.record or nexus.tenant_record, named by the convention.
CREATE OR REPLACE FUNCTION nexus.name_record_keys(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    key record;
BEGIN
    FOR key IN
        SELECT i.indexrelid::regclass AS relation,
               CASE WHEN i.indisprimary THEN 'pk_' || name WHEN i.indisunique THEN 'uq_' || name || '_tenant_id'
                    ELSE 'ix_' || name || '_updated_at' END AS name
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indrelid = name_record_keys.relation AND c.relname !~ '^(pk|uq|ix)_'
    LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', key.relation, key.name);
    END LOOP;
END $$;
