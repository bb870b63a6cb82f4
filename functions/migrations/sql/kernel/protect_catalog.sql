-- A catalog: the root tenant's rows are read by all, written from the root tenant alone.
CREATE OR REPLACE FUNCTION nexus.protect_catalog(relation regclass, derived text DEFAULT '')
RETURNS void LANGUAGE sql AS $$
    SELECT nexus.reference_tenant(relation);
    SELECT nexus.add_policies(relation, 'tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id()) '
                                    'AND nexus.tenant_id() IS NOT NULL', 'tenant_id = nexus.tenant_id()');
    SELECT nexus.audit_table(relation, derived => derived);
$$;
