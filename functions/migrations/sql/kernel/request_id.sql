CREATE OR REPLACE FUNCTION nexus.request_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('nexus.request_id', true), '');
GRANT EXECUTE ON FUNCTION nexus.request_id TO nexus_app, nexus_housekeeping;
