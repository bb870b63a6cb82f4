-- A workflow's first status is initial; where another is marked, the mark moves. The workflow is held by
-- who adds or changes one.
CREATE OR REPLACE FUNCTION nexus.move_initial_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT NEW.is_initial THEN
        NEW.is_initial := NOT EXISTS (SELECT FROM issue_workflow_statuses WHERE workflow_id = NEW.workflow_id);
    END IF;
    IF NEW.is_initial THEN
        UPDATE issue_workflow_statuses SET is_initial = false
        WHERE workflow_id = NEW.workflow_id AND is_initial AND id <> NEW.id;
    END IF;
    RETURN NEW;
END $$;
