-- A change of an issue is one of its repair, and may open or close it.
CREATE OR REPLACE FUNCTION nexus.follow_repaired_issue() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    repaired text;
BEGIN
    UPDATE asset_repairs SET issue_version = NEW.version
    WHERE tenant_id = NEW.tenant_id AND issue_id = NEW.id RETURNING asset_id INTO repaired;
    IF repaired IS NOT NULL AND NEW.kind <> 'repair' THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_issues_repair',
            MESSAGE = 'an asset is repaired by this issue';
    END IF;
    IF repaired IS NOT NULL AND (OLD.closed_at, OLD.archived_at) IS DISTINCT FROM (NEW.closed_at, NEW.archived_at) THEN
        PERFORM nexus.count_open_repairs(NEW.tenant_id, repaired);
    END IF;
    RETURN NULL;
END $$;
