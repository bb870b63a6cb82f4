-- What nexus.search_grams holds if a text holds the folded word: its letters by fives, the last five
-- too; what is shorter itself. Not all that there are, for the planner takes them for independent of
-- each other, which neighbours are not. Of a word that folds to nothing, nothing is asked.
CREATE OR REPLACE FUNCTION nexus.query_grams(tenant_id text, word text) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    seed constant bigint := hashtextextended(tenant_id, 0);
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT (hashtextextended(substr(part, place, 5), seed) >> 32)::integer), '{}')
        FROM unnest(string_to_array(word, ' ')) AS part
        CROSS JOIN LATERAL (
            SELECT generate_series(1, length(part) - 4, 5) UNION SELECT greatest(length(part) - 4, 1)
        ) AS places (place)
        WHERE part <> '');
END $$;
GRANT EXECUTE ON FUNCTION nexus.query_grams TO nexus_app;
