-- A tenant that has records stays.
CREATE OR REPLACE FUNCTION nexus.reference_tenant(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (tenant_id) REFERENCES public.tenants', relation,
                   'fk_' || (SELECT relname FROM pg_class WHERE oid = relation) || '_tenant_id');
END $$;
