-- An asset's place is where the latest event puts it that was not corrected. Of what is counted, a part that
-- goes to a place, or comes back from one, does not take the rest along.
CREATE OR REPLACE FUNCTION nexus.follow_circulation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    tracking text;
BEGIN
    SELECT tracking_type INTO tracking
    FROM assets WHERE tenant_id = NEW.tenant_id AND id = NEW.asset_id FOR NO KEY UPDATE;
    UPDATE assets SET location_id = (
        SELECT e.location_id FROM asset_circulations e
        WHERE e.tenant_id = NEW.tenant_id AND e.asset_id = NEW.asset_id AND e.location_id IS NOT NULL
          AND (e.circulation_type IN ('move', 'receive')
               OR e.circulation_type IN ('issue', 'return') AND tracking = 'serialized')
          AND NOT EXISTS (SELECT FROM asset_circulations c
                          WHERE c.tenant_id = NEW.tenant_id AND c.asset_id = NEW.asset_id
                            AND c.corrects_id = e.id)
        ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1)
    WHERE tenant_id = NEW.tenant_id AND id = NEW.asset_id;
    RETURN NULL;
END $$;
