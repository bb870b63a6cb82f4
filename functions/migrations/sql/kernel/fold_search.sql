-- Text as searches and sorts compare it: besides case without accents, points, apostrophes and what
-- stands between words. What is inside of words stays: emails, codes, addresses are found by parts.
-- Letters that are no letter with an accent (ł, ø, ß, æ) go by the rules of the unaccent extension.
CREATE OR REPLACE FUNCTION nexus.fold_search(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := value;
BEGIN
    IF octet_length(value) <> length(value) THEN
        -- Apostrophes first: decomposed, some of them would leave a space.
        folded := regexp_replace(folded, '[\u00B4\u02B9-\u02BF\u05F3\u2018-\u201B\u2032\uFF07\uFF40]', '', 'g');
        folded := lower(normalize(folded, NFKD) COLLATE nexus.unicode);
        -- Accents, Hebrew points, Arabic vowels and tatweel, joiners and marks of direction. Marks that
        -- are vowels of their script (Devanagari, Thai) or make another letter (kana) stay.
        folded := regexp_replace(folded,
            '[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u0640'
            '\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u0711\u0730-\u074A'
            '\u08CA-\u08E1\u08E3-\u08FF\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE00-\uFE0F\uFE20-\uFE2F'
            '\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF]+', '', 'g');
        folded := regexp_replace(folded,
            '[\u00A1\u00AB\u00B7\u00BB\u00BF\u060C\u061B\u061F\u201C-\u201F\u2022\u2039\u203A\u3001-\u3003\u3008-\u3011\u3014-\u301F\u30FB]+', ' ', 'g');
        folded := translate(folded, U&'\03C2\1C80\1C81\1C82\1C83\1C84\1C85\1C86\1C87\1C88',
                                    U&'\03C3\0432\0434\043E\0441\0442\0442\044A\0463\A64B');
        folded := normalize(public.unaccent('public.unaccent'::regdictionary, folded), NFC);
    END IF;
    folded := translate(lower(folded COLLATE "C"), E',;()[]{}"!?\t\n\r\'`', '              ');
    folded := regexp_replace(folded, '[.:]+(?= |$)', '', 'g');
    RETURN trim(regexp_replace(folded, '  +', ' ', 'g'));
END $$;
GRANT EXECUTE ON FUNCTION nexus.fold_search TO nexus_app, nexus_housekeeping;
