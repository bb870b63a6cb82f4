CREATE OR REPLACE FUNCTION nexus.user_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('nexus.user_id', true), '');
GRANT EXECUTE ON FUNCTION nexus.user_id TO nexus_app, nexus_housekeeping;
