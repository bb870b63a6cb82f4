-- Each one to five letters in a row of a folded text, without spaces, each hashed together with the
-- tenant ('' where records have none): no tenant's words lengthen the search of another. Up to five, for
-- the planner then knows how frequent a word of so many is.
-- What this costs is said lower than it is: the planner weighs with it how many records a search walks
-- in their order against how many the index finds.
CREATE OR REPLACE FUNCTION nexus.search_grams(tenant_id text, search text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 300 AS $$
DECLARE
    seed constant bigint := hashtextextended(tenant_id, 0);
    letters constant text[] := string_to_array(search, NULL);
BEGIN
    RETURN (
        SELECT coalesce(
            array_agg((hashtextextended(a, seed) >> 32)::integer)
            || array_agg((hashtextextended(a || b, seed) >> 32)::integer) FILTER (WHERE b <> ' ')
            || array_agg((hashtextextended(a || b || c, seed) >> 32)::integer) FILTER (WHERE b <> ' ' AND c <> ' ')
            || array_agg((hashtextextended(a || b || c || d, seed) >> 32)::integer)
               FILTER (WHERE b <> ' ' AND c <> ' ' AND d <> ' ')
            || array_agg((hashtextextended(a || b || c || d || e, seed) >> 32)::integer)
               FILTER (WHERE b <> ' ' AND c <> ' ' AND d <> ' ' AND e <> ' '),
            '{}')
        FROM unnest(letters, letters[2:], letters[3:], letters[4:], letters[5:]) AS following (a, b, c, d, e)
        WHERE a <> ' ');
END $$;
GRANT EXECUTE ON FUNCTION nexus.search_grams TO nexus_app, nexus_housekeeping;
