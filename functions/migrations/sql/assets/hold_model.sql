-- How the assets of a model in reach are tracked. The model is held, before any of its assets is: who changes it
-- holds it first, and then its assets.
CREATE OR REPLACE FUNCTION nexus.hold_model(model text) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT tracking_type FROM asset_models
    WHERE id = model AND tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id()) FOR SHARE
$$;
GRANT EXECUTE ON FUNCTION nexus.hold_model TO nexus_app;
