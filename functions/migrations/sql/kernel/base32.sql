-- A number below 1,024 as two digits of a ULID.
CREATE OR REPLACE FUNCTION nexus.base32(number integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', number / 32 % 32 + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', number % 32 + 1, 1);
GRANT EXECUTE ON FUNCTION nexus.base32 TO nexus_app;
