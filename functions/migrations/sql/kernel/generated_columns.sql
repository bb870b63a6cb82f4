-- The columns that a table makes of its others: they are no change of their own. Planned once for all tables,
-- for planning takes longer than running it.
CREATE OR REPLACE FUNCTION nexus.generated_columns(relation oid) RETURNS text[]
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN ARRAY (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = relation AND attgenerated <> '');
END $$;
GRANT EXECUTE ON FUNCTION nexus.generated_columns TO nexus_app, nexus_housekeeping;
