-- A ULID for an event: those of one transaction sort in their order, within a millisecond too.
CREATE OR REPLACE FUNCTION nexus.event_id() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    place constant integer := coalesce(NULLIF(current_setting('nexus.events', true), '')::integer, 0);
BEGIN
    PERFORM set_config('nexus.events', (place + 1)::text, true);
    RETURN overlay(nexus.ulid() PLACING nexus.base32(place) FROM 11);
END $$;
