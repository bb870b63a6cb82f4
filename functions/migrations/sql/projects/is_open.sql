-- Whether a transition is open to an issue now. from_status is null where it leaves any status but its own
-- target.
CREATE OR REPLACE FUNCTION nexus.is_open(from_status text, to_status text, issue text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT i.archived_at IS NULL AND to_status <> i.status_id AND coalesce(from_status, i.status_id) = i.status_id
    FROM issues i WHERE i.id = issue
$$;
GRANT EXECUTE ON FUNCTION nexus.is_open TO nexus_app;
