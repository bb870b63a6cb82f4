-- Texts that lists are sorted by: alphabetically, by what stands in <column>_sort, through an index.
-- As much of a text as an index takes.
CREATE OR REPLACE FUNCTION nexus.make_sortable(relation regclass, VARIADIC columns text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    tenant constant text := (SELECT 'tenant_id, ' FROM pg_attribute
                             WHERE attrelid = relation AND attname = 'tenant_id');
    sorted text;
BEGIN
    FOREACH sorted IN ARRAY columns LOOP
        EXECUTE format('ALTER TABLE %s ADD COLUMN %I text COLLATE "C" '
                       'GENERATED ALWAYS AS (left(nexus.fold_search(%I), 200)) STORED',
                       relation, sorted || '_sort', sorted);
        EXECUTE format('CREATE INDEX %I ON %s (%s%I, id)', 'ix_' || name || '_' || sorted || '_sort',
                       relation, tenant, sorted || '_sort');
    END LOOP;
END $$;
