-- Whoever moves an asset type holds it alone, whoever adds one shares it. One for all tenants, whose types
-- may lie below shared ones. Taken before any row's lock, or two moves would wait for each other.
CREATE OR REPLACE FUNCTION nexus.asset_types_lock() RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN hashtextextended('asset_types', 0);
GRANT EXECUTE ON FUNCTION nexus.asset_types_lock TO nexus_app;
