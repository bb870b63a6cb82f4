ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS ck_audit_events_id;
