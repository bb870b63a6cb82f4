-- Forced row-level security with the given rules for nexus_app; the owner (migrations and the
-- functions below that say SECURITY DEFINER) is not bound, housekeeping is granted table by table.
CREATE OR REPLACE FUNCTION nexus.add_policies(relation regclass, may_read text, may_write text, may_add text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY owner ON %s TO nexus_owner USING (true)', relation);
    EXECUTE format('CREATE POLICY reads ON %s FOR SELECT TO nexus_app USING (%s)', relation, may_read);
    EXECUTE format('CREATE POLICY inserts ON %s FOR INSERT TO nexus_app WITH CHECK (%s)', relation,
                   coalesce(may_add, may_write));
    EXECUTE format('CREATE POLICY updates ON %s FOR UPDATE TO nexus_app USING (%s)', relation, may_write);
    EXECUTE format('CREATE POLICY deletes ON %s FOR DELETE TO nexus_app USING (%s)', relation, may_write);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO nexus_app', relation);
END $$;
