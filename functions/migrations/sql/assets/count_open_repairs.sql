-- How many repairs of an asset are open: those whose issues are neither done nor archived.
CREATE OR REPLACE FUNCTION nexus.count_open_repairs(tenant text, asset text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM assets WHERE tenant_id = tenant AND id = asset FOR NO KEY UPDATE;
    UPDATE assets SET open_repair_count = (
        SELECT count(*) FROM asset_repairs r JOIN issues i ON i.tenant_id = r.tenant_id AND i.id = r.issue_id
        WHERE r.tenant_id = tenant AND r.asset_id = asset AND i.closed_at IS NULL AND i.archived_at IS NULL)
    WHERE tenant_id = tenant AND id = asset;
END $$;
