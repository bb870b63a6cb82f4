-- The index over a table's search text, and the view to search in (nexus.make_search_view). What waits to be put into the index is
-- read by each search, so it is kept short. A finer sample tells the planner what is rare; of prose a
-- coarser one, for ANALYZE holds the letters of all that it samples in memory.
CREATE OR REPLACE FUNCTION nexus.index_search(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    index constant text := 'ix_' || name || '_search';
    tenant constant text := coalesce((SELECT 'tenant_id' FROM pg_attribute
                                      WHERE attrelid = relation AND attname = 'tenant_id'), '''''');
BEGIN
    EXECUTE format('CREATE INDEX %I ON %s USING gin (nexus.search_grams(%s, search)) WITH (gin_pending_list_limit = 256)',
                   index, relation, tenant);
    EXECUTE format('ALTER INDEX %I ALTER COLUMN 1 SET STATISTICS %s', index, CASE WHEN EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = relation AND attname = 'description') THEN 10 ELSE 300 END);
    PERFORM nexus.make_search_view(relation);
END $$;
