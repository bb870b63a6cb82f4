-- The first ULID of a moment: nexus.ulid_time the other way.
CREATE OR REPLACE FUNCTION nexus.least_ulid(moment timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    milliseconds constant bigint := floor(extract(epoch FROM moment) * 1000);
    result text := '';
BEGIN
    FOR place IN REVERSE 9..0 LOOP
        result := result || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((milliseconds >> (5 * place)) & 31)::int + 1, 1);
    END LOOP;
    RETURN rpad(result, 26, '0');
END $$;
GRANT EXECUTE ON FUNCTION nexus.least_ulid TO nexus_housekeeping;
