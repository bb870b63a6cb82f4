-- A table for the events from an id on, which is still to be attached. It is read and written through
-- audit_events alone: nobody is granted anything on it, and its own policies let nobody else.
CREATE OR REPLACE FUNCTION nexus.add_audit_partition(begins text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    made constant text := 'audit_events_' || to_char(nexus.ulid_time(begins) AT TIME ZONE 'UTC', 'YYYY"q"Q');
BEGIN
    EXECUTE format('CREATE TABLE nexus.%I (LIKE public.audit_events INCLUDING ALL)', made);
    EXECUTE format('ALTER TABLE nexus.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', made);
    EXECUTE format('CREATE POLICY owner ON nexus.%I TO nexus_owner USING (true)', made);
    RETURN made;
END $$;
