-- The tenants that the caller reaches, as nexus.authenticate found them. A list, not a look at the data: a
-- tenant that is out of reach takes no longer than one that is not there.
CREATE OR REPLACE FUNCTION nexus.reached_tenants() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(current_setting('nexus.reached_tenants', true), ',');
GRANT EXECUTE ON FUNCTION nexus.reached_tenants TO nexus_app;
