-- What an event changed of an asset: a row for each field, with its old and its new value, in an order that
-- stays.
CREATE OR REPLACE FUNCTION nexus.asset_changes(changes jsonb)
RETURNS TABLE (place integer, field text, old jsonb, new jsonb) LANGUAGE sql STABLE AS $$
    SELECT (row_number() OVER (ORDER BY key))::integer - 1, regexp_replace(key, '_id$', ''),
           nexus.reference_to(kind, nexus.as_answered(key, old)), nexus.reference_to(kind, nexus.as_answered(key, new))
    FROM (
        SELECT key, substring(key FROM '^(.*)_id$'), 
               CASE key WHEN 'purchase_cost' THEN nexus.money(NULLIF(value -> 0, 'null')) ELSE value -> 0 END,
               CASE key WHEN 'purchase_cost' THEN nexus.money(NULLIF(value -> 1, 'null')) ELSE value -> 1 END
        FROM jsonb_each(changes) WHERE key <> 'reason'
    ) AS changed (key, kind, old, new)
$$;
GRANT EXECUTE ON FUNCTION nexus.asset_changes TO nexus_app;
