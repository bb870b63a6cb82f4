-- What issues have in common that have values of the same fields, and are all archived or none.
CREATE OR REPLACE FUNCTION nexus.field_set(fields jsonb, archived_at timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT hashtextextended(coalesce(string_agg(key, ' '), ''), (archived_at IS NOT NULL)::integer)
    FROM jsonb_object_keys(fields) AS key
$$;
GRANT EXECUTE ON FUNCTION nexus.field_set TO nexus_app, nexus_housekeeping;
