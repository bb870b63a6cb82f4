-- The time in a ULID: its first ten digits are milliseconds.
CREATE OR REPLACE FUNCTION nexus.ulid_time(ulid text) RETURNS timestamptz
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    milliseconds bigint := 0;
BEGIN
    FOR place IN 1..10 LOOP
        milliseconds := milliseconds * 32
            + strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', substr(ulid, place, 1)) - 1;
    END LOOP;
    RETURN to_timestamp(milliseconds / 1000.0);
END $$;
GRANT EXECUTE ON FUNCTION nexus.ulid_time TO nexus_app, nexus_housekeeping;
