-- AFTER a statement, with its events in `changed`: an asset's place is where the latest event puts it that was
-- not corrected. Of what is counted, a part that goes to a place, or comes back from one, does not take the rest
-- along. The assets are held first: what is looked at then is all that there is.
CREATE OR REPLACE FUNCTION nexus.follow_circulation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moved constant text[] := ARRAY(SELECT asset_id FROM changed WHERE location_id IS NOT NULL OR corrects_id IS NOT NULL);
BEGIN
    IF moved = '{}' THEN
        RETURN NULL;
    END IF;
    PERFORM FROM assets WHERE id = ANY (moved) ORDER BY id FOR NO KEY UPDATE;
    UPDATE assets a SET location_id = now.location_id
    FROM (
        SELECT id, (
            SELECT e.location_id FROM asset_circulations e
            WHERE e.tenant_id = of.tenant_id AND e.asset_id = of.id AND e.location_id IS NOT NULL
              AND (e.circulation_type IN ('move', 'receive')
                   OR e.circulation_type IN ('issue', 'return') AND of.tracking_type = 'serialized')
              AND NOT EXISTS (SELECT FROM asset_circulations c
                              WHERE c.tenant_id = e.tenant_id AND c.asset_id = e.asset_id AND c.corrects_id = e.id)
            ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1) AS location_id
        FROM assets of WHERE id = ANY (moved)
    ) AS now
    WHERE a.id = now.id AND a.location_id IS DISTINCT FROM now.location_id;
    RETURN NULL;
END $$;
