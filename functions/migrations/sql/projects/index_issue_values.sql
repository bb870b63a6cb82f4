-- Keeps issue_values as issues.fields says. A text counts with its beginning, as much as an index takes.
CREATE OR REPLACE FUNCTION nexus.index_issue_values() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.fields = OLD.fields THEN
            RETURN NULL;
        END IF;
        DELETE FROM issue_values v WHERE v.tenant_id = NEW.tenant_id AND v.issue_id = NEW.id
            AND NEW.fields -> v.field_id IS DISTINCT FROM OLD.fields -> v.field_id;
    END IF;
    IF NEW.fields = '{}' THEN
        RETURN NULL;
    END IF;
    INSERT INTO issue_values
        (tenant_id, issue_id, field_id, place, text_value, value_sort, number_value, date_value, moment_value,
         user_id, person_id, asset_id, location_id, search)
    SELECT NEW.tenant_id, NEW.id, given.field_id, part.place - 1,
        CASE WHEN f.type IS NOT NULL AND f.type NOT IN ('number', 'date', 'datetime') THEN left(part.value, 500) END,
        CASE WHEN f.type IN ('text', 'choice', 'url') THEN left(nexus.fold_search(part.value), 200) END,
        CASE WHEN f.type = 'number' THEN part.value::double precision END,
        CASE WHEN f.type = 'date' THEN part.value::date END,
        CASE WHEN f.type = 'datetime' THEN part.value::timestamptz END,
        CASE WHEN f.type = 'user' THEN part.value END,
        CASE WHEN f.type = 'person' THEN part.value END,
        CASE WHEN f.type = 'asset' THEN part.value END,
        CASE WHEN f.type = 'location' THEN part.value END,
        CASE WHEN f.type IN ('text', 'url') THEN nexus.search_text(part.value) END
    FROM jsonb_each(NEW.fields) AS given (field_id, value)
    LEFT JOIN issue_fields f ON f.id = given.field_id  -- the key refuses one that is gone
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(given.value) = 'array' THEN given.value ELSE jsonb_build_array(given.value) END
    ) WITH ORDINALITY AS part (value, place)
    WHERE TG_OP = 'INSERT' OR given.value IS DISTINCT FROM OLD.fields -> given.field_id;
    RETURN NULL;
END $$;
