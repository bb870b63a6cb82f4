-- Text as uniqueness compares it: composed and decomposed forms alike, case as Unicode folds it
-- (CaseFolding.txt, C and F; definition D145). Where it differs from lower(), the folding is said here.
CREATE OR REPLACE FUNCTION nexus.fold_unique(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text;
    folding text[];
BEGIN
    IF octet_length(value) = length(value) THEN
        RETURN lower(value COLLATE "C");
    END IF;
    folded := translate(lower(normalize(value, NFD) COLLATE nexus.unicode),
        U&'\00B5\017F\0345\03C2\03D0\03D1\03D5\03D6\03F0\03F1\03F5\1C80\1C81\1C82\1C83\1C84\1C85\1C86\1C87\1C88',
        U&'\03BC\0073\03B9\03C3\03B2\03B8\03C6\03C0\03BA\03C1\03B5\0432\0434\043E\0441\0442\0442\044A\0463\A64B');
    IF folded ~ U&'[\00DF\0149\0587\1E9A\FB00-\FB06\FB13-\FB17]' THEN
        FOREACH folding SLICE 1 IN ARRAY ARRAY[
            ['ß', 'ss'], ['ŉ', 'ʼn'], ['ẚ', 'aʾ'], ['ﬀ', 'ff'], ['ﬁ', 'fi'], ['ﬂ', 'fl'], ['ﬃ', 'ffi'], ['ﬄ', 'ffl'],
            ['ﬅ', 'st'], ['ﬆ', 'st'], ['և', 'եւ'], ['ﬓ', 'մն'], ['ﬔ', 'մե'], ['ﬕ', 'մի'], ['ﬖ', 'վն'], ['ﬗ', 'մխ']
        ] LOOP
            folded := replace(folded, folding[1], folding[2]);
        END LOOP;
    END IF;
    RETURN normalize(folded, NFC);
END $$;
GRANT EXECUTE ON FUNCTION nexus.fold_unique TO nexus_app, nexus_housekeeping;
