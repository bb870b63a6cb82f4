-- A key that no project has, neither the tenant's nor a shared one, nor one in the archive, made of a name:
-- its initials, or the beginning of its only word. The tenant is held, so that two at once take turns.
CREATE OR REPLACE FUNCTION nexus.free_project_key(of_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    words constant text[] := array_remove(regexp_split_to_array(upper(nexus.fold_search(of_name)), '[^A-Z0-9]+'), '');
    wish text := (SELECT string_agg(left(word, 1), '') FROM unnest(words[:10]) AS word);
    tried text;
    number integer := 1;
BEGIN
    PERFORM FROM tenants WHERE id = nexus.tenant_id() FOR NO KEY UPDATE;
    IF cardinality(words) = 1 THEN
        wish := left(words[1], 4);
    END IF;
    wish := rpad(coalesce(wish, ''), greatest(length(wish), 2), 'P');
    tried := wish;
    WHILE EXISTS (SELECT FROM projects WHERE tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id())
                  AND key = tried) LOOP
        number := number + 1;
        tried := left(wish, 10 - length(number::text)) || number;
    END LOOP;
    RETURN tried;
END $$;
GRANT EXECUTE ON FUNCTION nexus.free_project_key TO nexus_app;
