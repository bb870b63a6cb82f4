-- Which partitions nexus.turn_audit_partition has something to do with: the one without an end, if it begins
-- next quarter or earlier, and those that are past and empty.
CREATE OR REPLACE FUNCTION nexus.due_audit_partitions() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT name FROM nexus.audit_partitions()
    WHERE CASE WHEN ends IS NULL THEN begins < nexus.least_ulid(nexus.quarter_from_now(2))
               ELSE ends < nexus.least_ulid(now() - interval '30 days') AND nexus.audit_partition_is_empty(name) END
    ORDER BY ends NULLS FIRST;  -- room for what comes is the first
$$;
GRANT EXECUTE ON FUNCTION nexus.due_audit_partitions TO nexus_housekeeping;
