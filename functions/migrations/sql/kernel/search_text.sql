-- What a search looks at: the folded text, and beside it the words with ä, ö, ü, å or ø as they are
-- written where there are no such letters (Mueller).
CREATE OR REPLACE FUNCTION nexus.search_text(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    spelling text[];
    spelled text;
BEGIN
    IF octet_length(value) <> length(value) THEN
        spelled := lower(normalize(value, NFC) COLLATE nexus.unicode);
        SELECT string_agg(word, ' ') INTO spelled
        FROM regexp_split_to_table(spelled, '\s+') AS word WHERE word ~ '[äöüåø]';
        FOREACH spelling SLICE 1 IN ARRAY ARRAY[['ä', 'ae'], ['ö', 'oe'], ['ü', 'ue'], ['å', 'aa'], ['ø', 'oe']] LOOP
            spelled := replace(spelled, spelling[1], spelling[2]);
        END LOOP;
    END IF;
    RETURN concat_ws(' ', nexus.fold_search(value), nexus.fold_search(spelled));
END $$;
GRANT EXECUTE ON FUNCTION nexus.search_text TO nexus_app, nexus_housekeeping;
