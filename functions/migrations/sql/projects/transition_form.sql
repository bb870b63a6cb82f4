-- What the screen of a transition, or of a type, asks an issue for: its fields in their order, each with the
-- value that the issue has. Of two fields with one key, the tenant's own is meant.
CREATE OR REPLACE FUNCTION nexus.transition_form(screen text, issue text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'key', f.key, 'name', f.name, 'type', f.type, 'is_required', s.is_required OR f.is_required,
        'choices', f.choices, 'value', (SELECT i.fields -> f.id FROM issues i WHERE i.id = issue)
    ) ORDER BY s.position, s.id), '[]')
    FROM issue_screen_fields s
    JOIN issue_fields shown ON shown.id = s.field_id
    JOIN issue_fields f ON f.id = coalesce(
        (SELECT own.id FROM issue_fields own WHERE own.tenant_id = nexus.tenant_id() AND own.key = shown.key), shown.id)
    WHERE s.screen_id = screen
$$;
GRANT EXECUTE ON FUNCTION nexus.transition_form TO nexus_app;
