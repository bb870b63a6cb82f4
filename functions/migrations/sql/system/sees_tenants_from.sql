-- From which id on the caller sees tenants: an administrator of the root tenant all, nobody else any. An
-- index serves such a condition.
CREATE OR REPLACE FUNCTION nexus.sees_tenants_from() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(NULLIF(current_setting('nexus.sees_tenants_from', true), ''), '~');
GRANT EXECUTE ON FUNCTION nexus.sees_tenants_from TO nexus_app;
