-- A value that names a record, for who knows the names of such records.
CREATE OR REPLACE FUNCTION nexus.reference_to(kind text, value jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN kind IS NULL OR value IS NULL OR value = 'null' THEN NULLIF(value, 'null')
           ELSE jsonb_build_object('id', value, 'kind', kind) END;
GRANT EXECUTE ON FUNCTION nexus.reference_to TO nexus_app;
