-- Who reports an issue and whom it is assigned to watch it, once each.
CREATE OR REPLACE FUNCTION nexus.watch_issue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.assignee_id IS NOT DISTINCT FROM OLD.assignee_id THEN
        RETURN NULL;
    END IF;
    INSERT INTO watchers (id, tenant_id, issue_id, user_id)
    SELECT nexus.ulid(), NEW.tenant_id, NEW.id, person
    FROM (SELECT NEW.assignee_id WHERE NEW.assignee_id IS NOT NULL
          UNION SELECT NEW.reporter_id WHERE TG_OP = 'INSERT') AS people (person)
    ON CONFLICT ON CONSTRAINT uq_watchers_user_id DO NOTHING;
    RETURN NULL;
END $$;
