-- A step of the workflow that an issue is in: where it leads, whether it is open now, what it asks for. The type and the
-- step are held, so that the workflow stays the issue's, and the step one of it.
CREATE OR REPLACE FUNCTION nexus.step_of(issue text, step text)
RETURNS TABLE (to_status_id text, is_open boolean, requires_comment boolean, form jsonb)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT t.to_status_id, nexus.is_open(t.from_status_id, t.to_status_id, i.id), t.requires_comment, nexus.transition_form(t.screen_id, i.id)
    FROM issues i
    JOIN issue_types y ON y.id = i.issue_type_id
    JOIN issue_workflow_transitions t ON t.workflow_id = y.workflow_id
    WHERE i.tenant_id = nexus.tenant_id() AND i.id = issue AND t.id = step
    FOR SHARE OF y, t
$$;
GRANT EXECUTE ON FUNCTION nexus.step_of TO nexus_app;
