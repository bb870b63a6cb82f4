-- BEFORE INSERT: a record was last changed when it was made. BEFORE UPDATE: a change moves version and
-- updated_at, strictly forward; a write that changes nothing does not.
-- Arguments: columns that do not count as a change.
CREATE OR REPLACE FUNCTION nexus.bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    uncounted text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.updated_at := nexus.ulid_time(NEW.id);
        RETURN NEW;
    END IF;
    uncounted := ARRAY['version', 'updated_at'] || nexus.generated_columns(TG_RELID) || TG_ARGV;
    NEW.updated_at := OLD.updated_at;
    NEW.version := OLD.version;
    IF to_jsonb(NEW) - uncounted <> to_jsonb(OLD) - uncounted THEN
        NEW.updated_at := greatest(now(), OLD.updated_at + interval '1 microsecond');
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;
