-- The root tenant, whose catalog records every tenant sees (nexus.access.scope.ROOT_TENANT_ID).
CREATE OR REPLACE FUNCTION nexus.root_tenant_id() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '01KDVDNA000000000000000001';
GRANT EXECUTE ON FUNCTION nexus.root_tenant_id TO nexus_app, nexus_housekeeping;
