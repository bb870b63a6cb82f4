-- A type gets another workflow only if that has the statuses of all its issues. The workflow is held, so
-- that it loses none meanwhile.
CREATE OR REPLACE FUNCTION nexus.keep_statuses_of_type() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM issue_workflows WHERE id = NEW.workflow_id FOR SHARE;
    IF EXISTS (SELECT FROM issues i WHERE i.issue_type_id = NEW.id AND NOT EXISTS (
                   SELECT FROM issue_workflow_statuses s
                   WHERE s.workflow_id = NEW.workflow_id AND s.status_id = i.status_id)) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'issues are in statuses that the workflow does not have';
    END IF;
    RETURN NULL;
END $$;
