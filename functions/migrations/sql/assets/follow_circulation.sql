-- AFTER a statement, with its events in `changed`: an asset's place is where the latest event puts it that was
-- not corrected. Of what is counted, a part that goes to a place, or comes back from one, does not take the rest
-- along. The asset is held first: what is looked at then is all that there is.
CREATE OR REPLACE FUNCTION nexus.follow_circulation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asset record;
    place text;
BEGIN
    FOR asset IN
        SELECT id, tenant_id, tracking_type, location_id FROM assets
        WHERE id = ANY (ARRAY(SELECT asset_id FROM changed WHERE location_id IS NOT NULL OR corrects_id IS NOT NULL))
        ORDER BY id FOR NO KEY UPDATE
    LOOP
        SELECT e.location_id INTO place FROM asset_circulations e
        WHERE e.tenant_id = asset.tenant_id AND e.asset_id = asset.id AND e.location_id IS NOT NULL
          AND (e.circulation_type IN ('move', 'receive')
               OR e.circulation_type IN ('issue', 'return') AND asset.tracking_type = 'serialized')
          AND NOT EXISTS (SELECT FROM asset_circulations c
                          WHERE c.tenant_id = asset.tenant_id AND c.asset_id = asset.id AND c.corrects_id = e.id)
        ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1;
        IF place IS DISTINCT FROM asset.location_id THEN
            UPDATE assets SET location_id = place WHERE id = asset.id;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
