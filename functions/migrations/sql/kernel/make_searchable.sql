-- ?q= through an index. Its operators are not leakproof, so under a policy no index serves them. Searches
-- select from a view instead, which runs with its owner's rights and repeats the policy. A table that
-- gains a column needs its view anew. The sources are columns, or expressions of columns.
CREATE OR REPLACE FUNCTION nexus.make_searchable(relation regclass, VARIADIC sources text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    joined constant text := (SELECT string_agg(format('coalesce(%s, '''')', s), ' || '' '' || ')
                             FROM unnest(sources) AS s);
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN search text GENERATED ALWAYS AS (nexus.search_text(%s)) STORED',
                   relation, joined);
    PERFORM nexus.index_search(relation);
END $$;
