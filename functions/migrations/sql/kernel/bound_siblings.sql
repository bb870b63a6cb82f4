-- An owner has only so many: bound_siblings(limit, column that names the owner, the owner's table), as
-- a trigger before inserts that is named as the constraint. The owner's row is held, as by who changes
-- it, so that of two at once the second counts the first.
CREATE OR REPLACE FUNCTION nexus.bound_siblings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    owner constant text := to_jsonb(NEW) ->> TG_ARGV[1];
    is_full boolean;
BEGIN
    EXECUTE format('SELECT FROM %I WHERE id = $1 FOR NO KEY UPDATE', TG_ARGV[2]) USING owner;
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE tenant_id = $1 AND %I = $2 OFFSET $3 - 1)',
                   TG_TABLE_NAME, TG_ARGV[1])
        INTO is_full USING NEW.tenant_id, owner, TG_ARGV[0]::bigint;
    IF is_full THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME,
            MESSAGE = 'the owner has as many as there may be';
    END IF;
    RETURN NEW;
END $$;
