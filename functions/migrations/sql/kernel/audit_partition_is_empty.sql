CREATE OR REPLACE FUNCTION nexus.audit_partition_is_empty(name text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    is_empty boolean;
BEGIN
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM nexus.%I)', name) INTO is_empty;
    RETURN is_empty;
END $$;
