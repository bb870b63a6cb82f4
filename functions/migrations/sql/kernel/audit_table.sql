-- Versions and audit for a table of records; see nexus.audit for log, masked and subjects. A change of
-- what is uncounted is none, a change of what is derived counts for the version and makes no event of its
-- own.
CREATE OR REPLACE FUNCTION nexus.audit_table(
    relation regclass, log text DEFAULT 'tenant', uncounted text DEFAULT '', derived text DEFAULT '',
    masked text DEFAULT '', subjects text DEFAULT ''
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nexus.name_record_keys(relation);
    EXECUTE format('CREATE TRIGGER version BEFORE INSERT OR UPDATE ON %s FOR EACH ROW '
                   'EXECUTE FUNCTION nexus.bump_version(%s)', relation,
                   (SELECT string_agg(quote_literal(c), ', ') FROM unnest(string_to_array(uncounted, ',')) AS c));
    EXECUTE format('CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW '
                   'EXECUTE FUNCTION nexus.audit(%L, %L, %L, %L)', relation, log,
                   concat_ws(',', NULLIF(uncounted, ''), NULLIF(derived, '')), masked, subjects);
END $$;
