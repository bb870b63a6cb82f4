-- An issue's values by the keys of their fields. Of two that have one key, the tenant's own counts, and
-- what the other holds is not shown.
CREATE OR REPLACE FUNCTION nexus.fields_by_key(fields jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN fields = '{}' THEN fields ELSE (
        SELECT coalesce(jsonb_object_agg(f.key, given.value), '{}')
        FROM jsonb_each(fields) AS given (id, value) JOIN issue_fields f ON f.id = given.id
        WHERE f.tenant_id <> nexus.root_tenant_id() OR NOT EXISTS (
            SELECT FROM issue_fields own
            WHERE own.tenant_id = nexus.tenant_id() AND own.key = f.key AND own.id <> f.id)) END
$$;
GRANT EXECUTE ON FUNCTION nexus.fields_by_key TO nexus_app;
