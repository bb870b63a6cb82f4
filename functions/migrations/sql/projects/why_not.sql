-- Why a transition is not open to an issue now, in words; none if it is. from_status is null where it leaves
-- any status but its own target.
CREATE OR REPLACE FUNCTION nexus.why_not(from_status text, to_status text, issue text) RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN i.archived_at IS NOT NULL THEN 'The issue is archived: restore it first.' END,
        CASE WHEN to_status = i.status_id THEN format('The issue is %s already.', here.name) END,
        CASE WHEN from_status <> i.status_id THEN format('It leaves %s, the issue is %s.', left_from.name, here.name) END
    ], NULL)
    FROM issues i
    JOIN issue_statuses here ON here.id = i.status_id
    LEFT JOIN issue_statuses left_from ON left_from.id = from_status
    WHERE i.id = issue
$$;
GRANT EXECUTE ON FUNCTION nexus.why_not TO nexus_app;
