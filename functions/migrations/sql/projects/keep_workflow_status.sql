-- A workflow does not lose a status that issues are in, nor its initial one while it has others. With
-- the workflow all of them go: then no type has it, and no issue.
CREATE OR REPLACE FUNCTION nexus.keep_workflow_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM issue_workflows WHERE id = OLD.workflow_id) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM issues i JOIN issue_types t ON t.id = i.issue_type_id
               WHERE i.status_id = OLD.status_id AND t.workflow_id = OLD.workflow_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'issues are in this status';
    END IF;
    IF OLD.is_initial AND EXISTS (SELECT FROM issue_workflow_statuses WHERE workflow_id = OLD.workflow_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_issue_workflow_statuses_initial',
            MESSAGE = 'the workflow begins with this status';
    END IF;
    RETURN NULL;
END $$;
