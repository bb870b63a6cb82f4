-- An issue's values by the keys of their fields. Of two that have one key, the tenant's own counts.
CREATE OR REPLACE FUNCTION nexus.fields_by_key(fields jsonb) RETURNS jsonb LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN fields = '{}' THEN fields ELSE (
        SELECT coalesce(jsonb_object_agg(f.key, given.value ORDER BY f.tenant_id <> nexus.root_tenant_id()), '{}')
        FROM jsonb_each(fields) AS given (id, value) JOIN issue_fields f ON f.id = given.id) END
$$;
GRANT EXECUTE ON FUNCTION nexus.fields_by_key TO nexus_app;
