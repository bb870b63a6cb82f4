-- Live items up- or downstream, each once with its least depth and the item that led to it, found
-- level by level; at most `most` of them. With the caller's rights. Planned at each level for its size:
-- a plan kept from a small level, or from an emptier table, takes seconds for a large one. With the
-- default price of a random page it would read whole tables for some thousand rows.
-- OFFSET 0 keeps each look-up one of an index for one id: while statistics take a just loaded table
-- for nearly empty, a join is free to pair all of a tenant's items with all of its relationships.
-- NOT IN is hashed once for a level whatever the statistics say (neither side has NULLs).
CREATE OR REPLACE FUNCTION nexus.impact(of_tenant text, start text, is_upstream boolean, deepest integer, most integer)
RETURNS TABLE (id text, name text, depth integer, via text)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan
SET random_page_cost = 1
SET max_parallel_workers_per_gather = 0
AS $$
DECLARE
    seen text[] := ARRAY[start];
    level_ids text[] := ARRAY[start];
    level_names text[];
    level_vias text[];
BEGIN
    FOR level IN 1..deepest LOOP
        SELECT array_agg(n.id), array_agg(n.name), array_agg(n.via)
        INTO level_ids, level_names, level_vias
        FROM (
            SELECT new.id, i.name, new.via
            FROM (
                SELECT found.id, min(found.via) AS via
                FROM unnest(level_ids) AS reached (id)
                CROSS JOIN LATERAL (
                    SELECT r.source_id AS id, r.target_id AS via FROM relationships r
                    WHERE NOT is_upstream AND r.tenant_id = of_tenant AND r.target_id = reached.id
                    UNION ALL
                    SELECT r.target_id, r.source_id FROM relationships r
                    WHERE is_upstream AND r.tenant_id = of_tenant AND r.source_id = reached.id
                    OFFSET 0
                ) AS found
                WHERE found.id NOT IN (SELECT unnest(seen))
                GROUP BY found.id
            ) AS new
            CROSS JOIN LATERAL (
                SELECT c.name, c.archived_at FROM configuration_items c
                WHERE c.tenant_id = of_tenant AND c.id = new.id
                OFFSET 0
            ) AS i
            WHERE i.archived_at IS NULL
            ORDER BY new.id
            LIMIT most - cardinality(seen) + 1
        ) AS n;
        EXIT WHEN level_ids IS NULL;
        RETURN QUERY SELECT l.id, l.name, level, l.via
                     FROM unnest(level_ids, level_names, level_vias) AS l (id, name, via);
        seen := seen || level_ids;
        EXIT WHEN cardinality(seen) > most;
    END LOOP;
END $$;
GRANT EXECUTE ON FUNCTION nexus.impact TO nexus_app;
