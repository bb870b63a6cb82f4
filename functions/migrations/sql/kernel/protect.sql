-- A table of a tenant: its rows are the selected tenant's alone. See nexus.audit_table for the rest.
CREATE OR REPLACE FUNCTION nexus.protect(
    relation regclass, uncounted text DEFAULT '', derived text DEFAULT '', subjects text DEFAULT ''
) RETURNS void LANGUAGE sql AS $$
    SELECT nexus.reference_tenant(relation);
    SELECT nexus.add_policies(relation, 'tenant_id = nexus.tenant_id()', 'tenant_id = nexus.tenant_id()');
    SELECT nexus.audit_table(relation, uncounted => uncounted, derived => derived, subjects => subjects);
$$;
