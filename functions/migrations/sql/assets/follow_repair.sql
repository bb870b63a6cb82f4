CREATE OR REPLACE FUNCTION nexus.follow_repair() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM issues WHERE tenant_id = NEW.tenant_id AND id = NEW.issue_id AND kind <> 'repair') THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_repairs_kind',
            MESSAGE = 'the issue is of another kind';
    END IF;
    PERFORM nexus.count_open_repairs(NEW.tenant_id, NEW.asset_id);
    RETURN NULL;
END $$;
