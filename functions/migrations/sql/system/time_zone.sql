-- The selected tenant's time zone: which day it is there.
CREATE OR REPLACE FUNCTION nexus.time_zone() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT settings ->> 'time_zone' FROM public.tenants WHERE id = nexus.tenant_id()), 'UTC')
$$;
GRANT EXECUTE ON FUNCTION nexus.time_zone TO nexus_app, nexus_housekeeping;
