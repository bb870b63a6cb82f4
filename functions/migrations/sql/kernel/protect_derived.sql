-- A table that triggers write: its rows are read within their tenant, and the API's role writes none.
CREATE OR REPLACE FUNCTION nexus.protect_derived(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY owner ON %s TO nexus_owner USING (true)', relation);
    EXECUTE format('CREATE POLICY reads ON %s FOR SELECT TO nexus_app USING (tenant_id = nexus.tenant_id())', relation);
    EXECUTE format('GRANT SELECT ON %s TO nexus_app', relation);
END $$;
