-- The ids of some asset types and of all that lies below them, as far as the tenant sees: each a range of
-- an index.
CREATE OR REPLACE FUNCTION nexus.asset_types_below(ids text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT below.id), '{}')
    FROM asset_types above
    JOIN asset_types below ON below.tree >= above.tree AND below.tree < above.tree || '~'
    WHERE above.id = ANY (ids)
      AND above.tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id())
      AND below.tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id())
$$;
GRANT EXECUTE ON FUNCTION nexus.asset_types_below TO nexus_app;
