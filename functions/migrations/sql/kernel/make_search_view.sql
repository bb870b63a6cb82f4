-- The view to search a table in, with the wall that its policy is.
CREATE OR REPLACE FUNCTION nexus.make_search_view(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    wall constant text := (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
                           WHERE polrelid = relation AND polname = 'reads');
    unseen constant text := replace(wall, '(tenant_id = nexus.tenant_id())', 'nexus.is_own(tenant_id)');
BEGIN
    IF unseen ~ 'tenant_id = nexus.tenant_id' THEN
        RAISE EXCEPTION 'the wall of % is written in a way that this does not know: %', relation, wall;
    END IF;
    EXECUTE format('CREATE OR REPLACE VIEW search.%I AS SELECT * FROM %s WHERE %s', name, relation, unseen);
    EXECUTE format('GRANT SELECT ON search.%I TO nexus_app', name);
END $$;
