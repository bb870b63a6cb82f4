-- What a word is compared with by LIKE: any text around it, its wildcards taken literally. Folded
-- first, for folding makes wildcards of some characters.
CREATE FUNCTION nexus.pattern(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN '%' || regexp_replace(nexus.fold(word), '([\\%_])', '\\\1', 'g') || '%';

-- Each letter and each pair of neighbours in a text, for words that are too short for trigrams.
CREATE FUNCTION nexus.short_grams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(DISTINCT gram), '{}') FROM (
        SELECT unnest(ARRAY[letter, letter || lead(letter) OVER (ORDER BY place)]) AS gram
        FROM unnest(string_to_array(value, NULL)) WITH ORDINALITY AS l(letter, place)
    ) AS found WHERE position(' ' IN gram) = 0);

-- What a short word's text has to hold: itself, or all its parts if folding has made it longer; of an
-- accent alone nothing is left to hold.
CREATE FUNCTION nexus.query_grams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN length(word) IN (1, 2) THEN ARRAY[word] ELSE nexus.short_grams(word) END;

GRANT EXECUTE ON FUNCTION nexus.pattern, nexus.short_grams, nexus.query_grams TO nexus_app;
GRANT EXECUTE ON FUNCTION nexus.short_grams TO nexus_housekeeping;

-- As in the first revision, with an index for short words too.
CREATE OR REPLACE FUNCTION nexus.make_searchable(relation regclass, VARIADIC columns text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    wall constant text := (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
                           WHERE polrelid = relation AND polname = 'reads');
    joined constant text := (SELECT string_agg(format('coalesce(%I, '''')', c), ' || '' '' || ') FROM unnest(columns) AS c);
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN search text GENERATED ALWAYS AS (nexus.fold(%s)) STORED',
                   relation, joined);
    EXECUTE format('CREATE INDEX %I ON %s USING gin (search gin_trgm_ops)', 'ix_' || name || '_search', relation);
    EXECUTE format('CREATE INDEX %I ON %s USING gin (nexus.short_grams(search))', 'ix_' || name || '_grams', relation);
    EXECUTE format('CREATE VIEW search.%I AS SELECT * FROM %s WHERE %s', name, relation, wall);
    EXECUTE format('GRANT SELECT ON search.%I TO nexus_app', name);
END $$;

DO $$
DECLARE
    searched record;
BEGIN
    FOR searched IN SELECT viewname AS name FROM pg_views WHERE schemaname = 'search' LOOP
        EXECUTE format('CREATE INDEX %I ON public.%I USING gin (nexus.short_grams(search))',
                       'ix_' || searched.name || '_grams', searched.name);
    END LOOP;
END $$;
