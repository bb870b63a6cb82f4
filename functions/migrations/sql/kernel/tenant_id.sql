-- The context of a transaction. A setting that was local to an earlier transaction reads as ''.
CREATE OR REPLACE FUNCTION nexus.tenant_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('nexus.tenant_id', true), '');
GRANT EXECUTE ON FUNCTION nexus.tenant_id TO nexus_app, nexus_housekeeping;
