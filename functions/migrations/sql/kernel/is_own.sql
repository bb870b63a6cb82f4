-- Whether a row is the selected tenant's, as the views to search in ask it: the planner sees no tenant in it,
-- and does not gather all rows of a large one beside the few that letters find.
CREATE OR REPLACE FUNCTION nexus.is_own(tenant_id text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN tenant_id = nexus.tenant_id();
END $$;
GRANT EXECUTE ON FUNCTION nexus.is_own TO nexus_app;
