-- What keeps a status in its workflow, as nexus.references_to tells it: the workflow's transitions, and the
-- issues that are in it. Rows of other tenants are told to the root tenant only.
CREATE OR REPLACE FUNCTION nexus.held_by_workflow_status(workflow text, status text)
RETURNS TABLE (resource text, count bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM (
        SELECT 'issue-workflow-transitions', count(*) FROM issue_workflow_transitions
        WHERE workflow_id = workflow AND status IN (from_status_id, to_status_id)
          AND nexus.tenant_id() IN (tenant_id, nexus.root_tenant_id())
        UNION ALL
        SELECT 'issues', count(*) FROM issues i JOIN issue_types t ON t.id = i.issue_type_id
        WHERE i.status_id = status AND t.workflow_id = workflow
          AND nexus.tenant_id() IN (i.tenant_id, nexus.root_tenant_id())
    ) AS held (resource, count) WHERE count > 0
$$;
GRANT EXECUTE ON FUNCTION nexus.held_by_workflow_status TO nexus_app;
