-- AFTER a statement, with the rows as they became in `changed` and as they were in `former`: how many of an
-- asset are out, and who holds a serialized one. The asset is held first: what is summed up then is all that
-- there is. Custody that begins, or goes on after all, may not overlap that of others: the quantity has to do at
-- every moment. A part split off an assignment is no new custody.
CREATE OR REPLACE FUNCTION nexus.follow_assignment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ours text[];  -- ids of what matters here
    begun text[];  -- of these, those that begin or go on
    asset record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(c.id), array_agg(c.id) FILTER (WHERE NOT EXISTS (
            SELECT FROM asset_assignments a WHERE a.tenant_id = c.tenant_id AND a.asset_id = c.asset_id
                AND a.opened_by_id = c.opened_by_id AND a.id <> c.id))
        INTO ours, begun FROM changed c;
    ELSE
        SELECT array_agg(c.id), array_agg(c.id) FILTER (WHERE c.ended_at > f.ended_at)
        INTO ours, begun FROM changed c JOIN former f USING (id)
        WHERE (c.quantity, c.closed_at, c.started_at, c.ended_at)
            IS DISTINCT FROM (f.quantity, f.closed_at, f.started_at, f.ended_at);
    END IF;
    FOR asset IN
        SELECT a.id, a.tenant_id, a.tracking_type, a.quantity, a.status FROM assets a
        WHERE (a.tenant_id, a.id) IN (SELECT c.tenant_id, c.asset_id FROM changed c WHERE c.id = ANY (ours))
        ORDER BY a.id FOR NO KEY UPDATE
    LOOP
        IF asset.status <> 'active' AND EXISTS (
            SELECT FROM changed c WHERE c.asset_id = asset.id AND c.id = ANY (begun)) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_assignments_asset_id',
                MESSAGE = 'the asset is not active';
        END IF;
        IF EXISTS (
            WITH moments AS (
                SELECT m.at, m.more FROM asset_assignments a
                CROSS JOIN LATERAL (VALUES (a.started_at, a.quantity), (a.ended_at, -a.quantity)) AS m (at, more)
                WHERE a.tenant_id = asset.tenant_id AND a.asset_id = asset.id AND a.ended_at > (
                    SELECT min(c.started_at) FROM changed c WHERE c.asset_id = asset.id AND c.id = ANY (begun))
            ), held AS (
                SELECT at, sum(sum(more)) OVER (ORDER BY at) AS quantity FROM moments GROUP BY at
            )
            SELECT FROM held JOIN changed c ON c.started_at <= held.at AND c.ended_at > held.at
            WHERE held.quantity > asset.quantity AND c.asset_id = asset.id AND c.id = ANY (begun)
        ) THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_asset_assignments_overlap',
                MESSAGE = 'more would be out than there is';
        END IF;
        UPDATE assets SET quantity_out = coalesce(out.quantity, 0),
            person_id = CASE WHEN asset.tracking_type = 'serialized' THEN out.person_id END
        FROM (SELECT sum(quantity) AS quantity, max(person_id) AS person_id FROM asset_assignments
              WHERE tenant_id = asset.tenant_id AND asset_id = asset.id AND closed_at IS NULL) AS out
        WHERE id = asset.id;
    END LOOP;
    RETURN NULL;
END $$;
