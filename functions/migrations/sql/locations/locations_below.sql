-- The ids of all that lies below some locations of the tenant, themselves among them where that is asked:
-- each a range of an index. OFFSET 0 keeps it one, whatever the statistics say.
CREATE OR REPLACE FUNCTION nexus.locations_below(ids text[], with_themselves boolean) RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(below.id), '{}')
    FROM unnest(ids) AS named (id)
    CROSS JOIN LATERAL (
        SELECT l.tree FROM locations l WHERE l.tenant_id = nexus.tenant_id() AND l.id = named.id OFFSET 0
    ) AS above
    CROSS JOIN LATERAL (
        SELECT l.id FROM locations l
        WHERE l.tenant_id = nexus.tenant_id() AND l.tree >= above.tree AND l.tree < above.tree || '~'
          AND (with_themselves OR l.tree > above.tree)
        OFFSET 0
    ) AS below
$$;
GRANT EXECUTE ON FUNCTION nexus.locations_below TO nexus_app;
