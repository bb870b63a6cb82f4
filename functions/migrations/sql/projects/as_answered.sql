-- A value of an event as answers write it: a time in UTC, with microseconds or none.
CREATE OR REPLACE FUNCTION nexus.as_answered(field text, value jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN field LIKE '%\_at' AND jsonb_typeof(value) = 'string' THEN to_jsonb(replace(
        to_char((value #>> '{}')::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z'))
    ELSE value END
$$;
GRANT EXECUTE ON FUNCTION nexus.as_answered TO nexus_app;
