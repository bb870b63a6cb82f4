-- What follows from an issue's type, status and project: kind, category, when it was closed, number and key.
-- What it names is held: neither does the workflow lose the status meanwhile, nor the project its key.
-- Those who take a number of one key take turns until they commit.
CREATE OR REPLACE FUNCTION nexus.prepare_issue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    workflow text;
    project record;
BEGIN
    IF TG_OP = 'INSERT' OR (NEW.issue_type_id, NEW.status_id) <> (OLD.issue_type_id, OLD.status_id) THEN
        SELECT kind, workflow_id INTO NEW.kind, workflow FROM issue_types WHERE id = NEW.issue_type_id FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_issues_issue_type_id',
                TABLE = TG_TABLE_NAME, MESSAGE = 'there is no such type';
        END IF;
        SELECT category INTO NEW.category FROM issue_statuses WHERE id = NEW.status_id FOR SHARE;
        PERFORM FROM issue_workflow_statuses WHERE workflow_id = workflow AND status_id = NEW.status_id FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_issues_status_id',
                MESSAGE = 'the workflow of the type does not have the status';
        END IF;
        IF NEW.category <> 'done' THEN
            NEW.closed_at := NULL;
        ELSIF TG_OP = 'INSERT' OR OLD.category <> 'done' THEN
            NEW.closed_at := statement_timestamp();  -- never before it was made in the same transaction
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.project_id IS NOT DISTINCT FROM OLD.project_id THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.key IS NOT NULL THEN
        NEW.previous_keys := OLD.previous_keys || OLD.key;
    END IF;
    NEW.number := NULL;
    NEW.key := NULL;
    IF NEW.project_id IS NOT NULL THEN
        SELECT key, archived_at INTO project FROM projects WHERE id = NEW.project_id FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_issues_project_id',
                TABLE = TG_TABLE_NAME, MESSAGE = 'there is no such project';
        END IF;
        IF project.archived_at IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_issues_project_id',
                MESSAGE = 'the project is archived';
        END IF;
        INSERT INTO issue_counters AS c VALUES (NEW.tenant_id, project.key, 1)
        ON CONFLICT ON CONSTRAINT pk_issue_counters DO UPDATE SET last_number = c.last_number + 1
        RETURNING last_number INTO NEW.number;
        NEW.key := project.key || '-' || NEW.number;
    END IF;
    RETURN NEW;
END $$;
