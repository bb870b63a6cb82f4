-- What a link shows of the issue at its other end.
CREATE OR REPLACE FUNCTION nexus.linked_issue(issue text) RETURNS jsonb LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object('id', i.id, 'key', i.key, 'title', i.title, 'status_id', i.status_id)
    FROM issues i WHERE i.id = issue
$$;
GRANT EXECUTE ON FUNCTION nexus.linked_issue TO nexus_app;
