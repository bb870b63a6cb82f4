-- What there is to say of an event. A comment's text is the one that it has now.
CREATE OR REPLACE FUNCTION nexus.activity_detail(
    resource text, action text, record_id text, changes jsonb, issue text
) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT CASE resource
        WHEN 'issues' THEN CASE WHEN action = 'insert' THEN '{}' ELSE (
            SELECT jsonb_strip_nulls(jsonb_build_object('reason', changes -> 'reason' -> 1))
                || jsonb_build_object('changes', coalesce(jsonb_agg(
                jsonb_build_object('field', c.field, 'old', c.old, 'new', c.new) ORDER BY c.place), '[]'))
            FROM nexus.issue_changes(resource, changes, issue) c) END
        WHEN 'comments' THEN jsonb_build_object('comment_id', record_id,
            'body', (SELECT to_jsonb(c.body) FROM comments c WHERE c.id = record_id))
        WHEN 'attachments' THEN jsonb_build_object('attachment_id', record_id, 'filename',
            coalesce(changes #>> '{filename,1}', changes #>> '{filename,0}'))
        WHEN 'links' THEN jsonb_build_object('link_id', record_id, 'issue', nexus.linked(changes, issue))
        WHEN 'watchers' THEN jsonb_build_object('user', nexus.reference_to('user', to_jsonb(
            coalesce(changes #>> '{user_id,1}', changes #>> '{user_id,0}'))))
        ELSE '{}' END
$$;
GRANT EXECUTE ON FUNCTION nexus.activity_detail TO nexus_app;
