-- A ULID (48 bits of milliseconds, 80 random bits, Crockford's base 32), for rows that triggers make. A digit
-- is five bits: of base 64, whose digits are six, two stand for one. Bytes 6 and 8 of a random UUID hold its
-- version and variant: left out.
CREATE OR REPLACE FUNCTION nexus.ulid() RETURNS text LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE
    milliseconds constant bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
    random_bytes constant bytea := uuid_send(gen_random_uuid());
BEGIN
    RETURN nexus.base32((milliseconds >> 40)::integer) || nexus.base32((milliseconds >> 30 & 1023)::integer)
        || nexus.base32((milliseconds >> 20 & 1023)::integer) || nexus.base32((milliseconds >> 10 & 1023)::integer)
        || nexus.base32((milliseconds & 1023)::integer)
        || translate(encode(substr(random_bytes, 1, 6) || substr(random_bytes, 11, 6), 'base64'),
                     'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
                     '0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJKMNPQRSTVWXYZ');
END $$;
GRANT EXECUTE ON FUNCTION nexus.ulid TO nexus_app;
