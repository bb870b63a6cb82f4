-- The table becomes the first partition of another one of its name. Nothing of it is read: what ATTACH would look
-- for, ck_audit_events_id says.
LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE;
REVOKE ALL ON audit_events FROM nexus_app;
DROP POLICY tenant ON audit_events;
ALTER TABLE audit_events SET SCHEMA nexus;
ALTER TABLE nexus.audit_events RENAME TO audit_events_first;
CREATE TABLE audit_events (
    LIKE nexus.audit_events_first INCLUDING GENERATED,
    CONSTRAINT pk_audit_events PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX ix_audit_events_reader_id ON audit_events (reader_id, id);
CREATE INDEX ix_audit_events_record_id ON audit_events (reader_id, record_id, id);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audit_events TO nexus_owner USING (true);
CREATE POLICY tenant ON audit_events FOR SELECT TO nexus_app USING (reader_id = nexus.tenant_id());
GRANT SELECT ON audit_events TO nexus_app;

DO $$
DECLARE
    -- As the check has it, which may have been added in another quarter.
    next constant text := (SELECT substring(pg_get_constraintdef(oid) FROM '''(\w+)''')
                           FROM pg_constraint WHERE conname = 'ck_audit_events_id');
    follows constant text := nexus.add_audit_partition(next);
BEGIN
    EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.audit_events_first'
                   ' FOR VALUES FROM (MINVALUE) TO (%L)', next);
    EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION nexus.%I FOR VALUES FROM (%L) TO (MAXVALUE)',
                   follows, next);
END $$;
ALTER TABLE nexus.audit_events_first DROP CONSTRAINT ck_audit_events_id;

-- What happened to a record, of the new table. Each event is looked up by itself, in the one partition that its id
-- leads to: for a join the planner counts a look into all of them, and would rather read the log from end to end.
CREATE OR REPLACE VIEW nexus.issue_history WITH (security_invoker = true) AS
SELECT left(e.id, 24) || nexus.base32(c.place) AS id, s.tenant_id, s.subject_id AS issue_id, e.actor_id,
       e.occurred_at, c.field, c.old, c.new
FROM audit_subjects s
JOIN issues i ON i.tenant_id = s.tenant_id AND i.id = s.subject_id  -- none of one that was removed
CROSS JOIN LATERAL (SELECT * FROM audit_events WHERE audit_events.id = s.event_id LIMIT 1) e
CROSS JOIN LATERAL nexus.issue_changes(e.resource, e.changes, s.subject_id) c
WHERE e.resource = 'links' OR (e.resource = 'issues' AND e.action = 'update');

CREATE OR REPLACE VIEW nexus.issue_activity WITH (security_invoker = true) AS
SELECT e.id, s.tenant_id, s.subject_id AS issue_id, e.actor_id, e.occurred_at,
       nexus.activity_kind(e.resource, e.action, e.changes) AS kind,
       nexus.activity_detail(e.resource, e.action, e.record_id, e.changes, s.subject_id) AS detail
FROM audit_subjects s
JOIN issues i ON i.tenant_id = s.tenant_id AND i.id = s.subject_id
CROSS JOIN LATERAL (SELECT * FROM audit_events WHERE audit_events.id = s.event_id LIMIT 1) e;

CREATE OR REPLACE VIEW nexus.asset_history WITH (security_invoker = true) AS
SELECT left(e.id, 24) || nexus.base32(c.place) AS id, s.tenant_id, s.subject_id AS asset_id, e.actor_id,
       e.occurred_at, c.field, c.old, c.new
FROM audit_subjects s
JOIN assets a ON a.tenant_id = s.tenant_id AND a.id = s.subject_id  -- none of one that was removed
CROSS JOIN LATERAL (SELECT * FROM audit_events WHERE audit_events.id = s.event_id LIMIT 1) e
CROSS JOIN LATERAL nexus.asset_changes(e.changes) c
WHERE e.resource = 'assets' AND e.action = 'update';

-- Until which event those of a tenant were exported.
CREATE TABLE audit_exports (
    tenant_id text COLLATE "C" CONSTRAINT pk_audit_exports PRIMARY KEY
        CONSTRAINT fk_audit_exports_tenant_id REFERENCES tenants ON DELETE CASCADE,
    last_id text COLLATE "C" NOT NULL
);
SELECT nexus.protect_derived('audit_exports');
GRANT SELECT, INSERT, UPDATE ON audit_exports TO nexus_housekeeping;
CREATE POLICY housekeeping ON audit_exports TO nexus_housekeeping USING (tenant_id = nexus.tenant_id());

-- What is younger than the least that a tenant may choose no job sees, whatever is wrong with it.
GRANT SELECT, DELETE ON audit_events TO nexus_housekeeping;
CREATE POLICY housekeeping ON audit_events TO nexus_housekeeping
    USING (reader_id = nexus.tenant_id() AND id < nexus.least_ulid(now() - interval '30 days'));
GRANT SELECT, DELETE ON audit_subjects TO nexus_housekeeping;
CREATE POLICY housekeeping ON audit_subjects TO nexus_housekeeping USING (tenant_id = nexus.tenant_id());
