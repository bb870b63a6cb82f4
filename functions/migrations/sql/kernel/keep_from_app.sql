-- Columns that triggers write: the API's role may write all others.
CREATE OR REPLACE FUNCTION nexus.keep_from_app(relation regclass, VARIADIC kept text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    others constant text := (
        SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
        WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> ALL (kept));
BEGIN
    EXECUTE format('REVOKE INSERT, UPDATE ON %s FROM nexus_app', relation);
    EXECUTE format('GRANT INSERT (%1$s), UPDATE (%1$s) ON %2$s TO nexus_app', others, relation);
END $$;
