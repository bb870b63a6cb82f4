-- What issues were filed under does not change its meaning. Argument: the column of issues that names it.
CREATE OR REPLACE FUNCTION nexus.keep_while_used() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    is_used boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM issues WHERE %I = $1)', TG_ARGV[0]) INTO is_used USING NEW.id;
    IF is_used THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, MESSAGE = 'issues use it';
    END IF;
    RETURN NULL;
END $$;
