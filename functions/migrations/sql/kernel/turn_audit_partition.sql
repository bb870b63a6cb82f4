-- Closes the partition that has no end, and has another one follow; or drops an old empty one. Both take all of
-- audit_events for a few milliseconds: who waits for that keeps others waiting, so it waits for no longer than
-- lock_timeout, and is tried again another day. Closed is what nothing is in yet: what is in it would be read here.
CREATE OR REPLACE FUNCTION nexus.turn_audit_partition(partition text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
    one record;
    next text;
    follows text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_partitions', 0));
    SELECT * INTO one FROM nexus.audit_partitions() WHERE name = partition;
    IF NOT EXISTS (SELECT FROM nexus.due_audit_partitions() AS due WHERE due = partition) THEN
        RETURN false;  -- somebody else did
    END IF;
    IF one.ends IS NOT NULL THEN
        LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
        IF nexus.audit_partition_is_empty(partition) THEN
            EXECUTE format('DROP TABLE nexus.%I', partition);
            RETURN true;
        END IF;
        RETURN false;
    END IF;
    next := nexus.least_ulid(greatest(
        (nexus.ulid_time(one.begins) AT TIME ZONE 'UTC' + interval '3 months') AT TIME ZONE 'UTC',
        nexus.quarter_from_now(1)));  -- nothing may be in the one that follows
    follows := nexus.add_audit_partition(next);
    LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('ALTER TABLE audit_events DETACH PARTITION nexus.%I', partition);
    EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.%I FOR VALUES FROM (%L) TO (%L)',
                   partition, one.begins, next);
    EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.%I FOR VALUES FROM (%L) TO (MAXVALUE)',
                   follows, next);
    RETURN true;
END $$;
GRANT EXECUTE ON FUNCTION nexus.turn_audit_partition TO nexus_housekeeping;
