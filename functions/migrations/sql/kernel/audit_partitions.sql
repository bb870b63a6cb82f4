-- The partitions of audit_events, the oldest first: which ids are in each. NULL is no end.
CREATE OR REPLACE FUNCTION nexus.audit_partitions() RETURNS TABLE (name text, begins text, ends text)
LANGUAGE sql STABLE AS $$
    SELECT c.relname, substring(told FROM 'FROM \(''(\w+)''\)'), substring(told FROM 'TO \(''(\w+)''\)')
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL pg_get_expr(c.relpartbound, c.oid) AS told
    WHERE i.inhparent = 'public.audit_events'::regclass
    ORDER BY 2 NULLS FIRST;
$$;
