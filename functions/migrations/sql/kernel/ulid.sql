-- A ULID (48 bits of milliseconds, 80 random bits, Crockford's base 32), for rows that triggers make.
CREATE OR REPLACE FUNCTION nexus.ulid() RETURNS text LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE
    alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    random_bytes constant bytea := uuid_send(gen_random_uuid());
    -- Bytes 6 and 8 of a random UUID hold its version and variant: left out.
    parts bigint[] := ARRAY[
        floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        ('x' || encode(substr(random_bytes, 1, 5), 'hex'))::bit(40)::bigint,
        ('x' || encode(substr(random_bytes, 11, 5), 'hex'))::bit(40)::bigint];
    widths constant int[] := ARRAY[10, 8, 8];
    result text := '';
BEGIN
    FOR part IN 1..3 LOOP
        FOR place IN REVERSE widths[part] - 1..0 LOOP
            result := result || substr(alphabet, ((parts[part] >> (5 * place)) & 31)::int + 1, 1);
        END LOOP;
    END LOOP;
    RETURN result;
END $$;
GRANT EXECUTE ON FUNCTION nexus.ulid TO nexus_app;
