-- AFTER INSERT, UPDATE, DELETE: one event with old and new of each changed field.
-- Arguments: 'tenant' or 'personal' (belongs to no tenant's log), columns left out, columns whose
-- values are masked, columns that name records which the event is about too; all lists comma separated.
CREATE OR REPLACE FUNCTION nexus.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    hidden constant text[] := ARRAY['version', 'updated_at'] || nexus.generated_columns(TG_RELID)
        || string_to_array(TG_ARGV[1], ',');
    masked constant text[] := string_to_array(TG_ARGV[2], ',');
    was constant jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) - hidden END;
    becomes constant jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) - hidden END;
    either constant jsonb := was || becomes;
    changed jsonb;
    owner text;
    event_id text;
BEGIN
    IF TG_OP = 'UPDATE' AND was = becomes THEN  -- of what is derived
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (masked) THEN '["***", "***"]'::jsonb
                                 ELSE jsonb_build_array(was -> key, becomes -> key) END)
    INTO changed
    FROM jsonb_object_keys(either) AS key
    WHERE NULLIF(was -> key, 'null') IS DISTINCT FROM NULLIF(becomes -> key, 'null');
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_ARGV[0] = 'tenant' THEN
        owner := coalesce(either ->> 'tenant_id', nexus.tenant_id());
    END IF;
    IF TG_TABLE_NAME = 'tenants' THEN
        owner := CASE WHEN TG_OP <> 'DELETE' THEN either ->> 'id' END;
    END IF;
    IF current_setting('nexus.reason', true) <> '' THEN
        changed := changed || jsonb_build_object(
            'reason', jsonb_build_array(NULL, current_setting('nexus.reason', true)));
        PERFORM set_config('nexus.reason', '', true);  -- of this change alone
    END IF;
    event_id := nexus.event_id();
    INSERT INTO audit_events (id, tenant_id, actor_id, action, resource, record_id, changes, request_id)
    VALUES (event_id, owner, nexus.user_id(), lower(TG_OP), replace(TG_TABLE_NAME, '_', '-'),
            either ->> 'id', changed, nexus.request_id());
    IF TG_ARGV[3] <> '' THEN
        INSERT INTO audit_subjects (tenant_id, subject_id, event_id)
        SELECT DISTINCT owner, either ->> subject, event_id FROM unnest(string_to_array(TG_ARGV[3], ',')) AS subject;
    END IF;
    RETURN NULL;
END $$;
