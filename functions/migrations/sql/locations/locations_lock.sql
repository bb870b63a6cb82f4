-- Whoever renames or moves holds it alone, whoever adds shares it: places are computed from the
-- places above. Taken before any row's lock, or two moves would wait for each other.
CREATE OR REPLACE FUNCTION nexus.locations_lock(of_tenant text) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN hashtextextended('locations:' || of_tenant, 0);
GRANT EXECUTE ON FUNCTION nexus.locations_lock TO nexus_app;
