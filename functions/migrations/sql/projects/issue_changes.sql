-- What an event changed of an issue: a row for each field, with its old and its new value. Custom fields are
-- cf_<key>, as filters name them; a link is a field too, as it reads from this issue. place: an order that
-- stays, whatever becomes of the fields.
CREATE OR REPLACE FUNCTION nexus.issue_changes(resource text, changes jsonb, issue text)
RETURNS TABLE (place integer, field text, old jsonb, new jsonb) LANGUAGE sql STABLE AS $$
    SELECT (row_number() OVER (ORDER BY stem, field_id))::integer - 1, field,
           nexus.reference_to(kind, nexus.as_answered(stem, old)), nexus.reference_to(kind, nexus.as_answered(stem, new))
    FROM (
        SELECT key, '', regexp_replace(key, '_id$', ''), substring(key FROM '^(.*)_id$'), value -> 0, value -> 1
        FROM jsonb_each(changes) WHERE resource = 'issues' AND key NOT IN ('fields', 'reason')
        UNION ALL
        SELECT 'fields', either.id, 'cf_' || coalesce(f.key, lower(either.id)),
               CASE WHEN f.type IN ('user', 'person', 'asset', 'location') THEN f.type END,
               changes -> 'fields' -> 0 -> either.id, changes -> 'fields' -> 1 -> either.id
        FROM jsonb_object_keys(
            coalesce(NULLIF(changes -> 'fields' -> 0, 'null'), '{}') || coalesce(NULLIF(changes -> 'fields' -> 1, 'null'), '{}')
        ) AS either (id)
        LEFT JOIN issue_fields f ON f.id = either.id
        WHERE resource = 'issues'
          AND changes -> 'fields' -> 0 -> either.id IS DISTINCT FROM changes -> 'fields' -> 1 -> either.id
    ) AS changed (stem, field_id, field, kind, old, new)
    UNION ALL
    SELECT 0, 'link', CASE WHEN is_gone THEN link.other END, CASE WHEN NOT is_gone THEN link.other END
    FROM (SELECT nexus.linked(changes, issue), jsonb_typeof(changes -> 'source_id' -> 1) = 'null') AS link (other, is_gone)
    WHERE resource = 'links'
$$;
GRANT EXECUTE ON FUNCTION nexus.issue_changes TO nexus_app;
