-- How many of an asset are out, and who holds a serialized one. The asset is held first: what is summed up
-- then is all that there is. Custody that begins, or goes on after all, may not overlap that of others: the
-- quantity has to do at every moment. A part split off an assignment is no new custody.
CREATE OR REPLACE FUNCTION nexus.follow_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asset record;
BEGIN
    SELECT id, tracking_type, quantity, status INTO asset
    FROM assets WHERE tenant_id = NEW.tenant_id AND id = NEW.asset_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM asset_assignments WHERE tenant_id = NEW.tenant_id
                                    AND asset_id = NEW.asset_id AND opened_by_id = NEW.opened_by_id AND id <> NEW.id) THEN
        NULL;
    ELSIF TG_OP = 'INSERT' OR NEW.ended_at > OLD.ended_at THEN
        IF asset.status <> 'active' THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_assignments_asset_id',
                MESSAGE = 'the asset is not active';
        END IF;
        IF EXISTS (
            SELECT FROM asset_assignments point
            JOIN asset_assignments other ON other.tenant_id = NEW.tenant_id AND other.asset_id = NEW.asset_id
                AND other.started_at <= point.started_at AND other.ended_at > point.started_at
            WHERE point.tenant_id = NEW.tenant_id AND point.asset_id = NEW.asset_id
              AND point.started_at >= NEW.started_at AND point.started_at < NEW.ended_at
            GROUP BY point.id HAVING sum(other.quantity) > asset.quantity
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_assignments_overlap',
                MESSAGE = 'more would be out than there is';
        END IF;
    END IF;
    UPDATE assets SET quantity_out = coalesce(held.quantity, 0),
        person_id = CASE WHEN asset.tracking_type = 'serialized' THEN held.person_id END
    FROM (SELECT sum(quantity) AS quantity, max(person_id) AS person_id FROM asset_assignments
          WHERE tenant_id = NEW.tenant_id AND asset_id = NEW.asset_id AND closed_at IS NULL) AS held
    WHERE id = asset.id;
    RETURN NULL;
END $$;
