-- A name as it is written where last and first name are not set apart (王明): of Chinese, Japanese and
-- Korean letters alone.
CREATE OR REPLACE FUNCTION nexus.joined_name(last_name text, first_name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF last_name || first_name ~ '^[\u2E80-\u2FDF\u3005-\u3007\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\U00020000-\U0003FFFF]+$' THEN
        RETURN last_name || first_name;
    END IF;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION nexus.joined_name TO nexus_app, nexus_housekeeping;
