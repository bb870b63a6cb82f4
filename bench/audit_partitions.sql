-- So many quarters up to this one take the place of the first partition.
DO $$
DECLARE
    ends constant text := (SELECT ends FROM nexus.audit_partitions() WHERE begins IS NULL);
    quarters constant integer := {partitions};
    begins text := 'MINVALUE';
    next text;
    made text;
BEGIN
    ALTER TABLE audit_events DETACH PARTITION nexus.audit_events_first;
    FOR quarter IN 1..quarters LOOP
        next := CASE WHEN quarter = quarters THEN ends
                ELSE nexus.least_ulid(nexus.quarter_from_now(quarter - quarters)) END;
        made := nexus.add_audit_partition(nexus.least_ulid(nexus.quarter_from_now(quarter - quarters - 1)));
        EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.%I FOR VALUES FROM (%s) TO (%L)',
                       made, begins, next);
        begins := quote_literal(next);
    END LOOP;
    INSERT INTO audit_events (id, tenant_id, actor_id, action, resource, record_id, changes, request_id)
    SELECT id, tenant_id, actor_id, action, resource, record_id, changes, request_id FROM nexus.audit_events_first;
    DROP TABLE nexus.audit_events_first;
END $$;
