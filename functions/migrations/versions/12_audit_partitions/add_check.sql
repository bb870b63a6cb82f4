-- Up to a time that is a quarter off at the least. One that a killed run left behind is of another quarter.
ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS ck_audit_events_id;
DO $$ BEGIN EXECUTE format('ALTER TABLE audit_events ADD CONSTRAINT ck_audit_events_id CHECK (id < %L) NOT VALID',
                           nexus.least_ulid(nexus.quarter_from_now(2))); END $$;
