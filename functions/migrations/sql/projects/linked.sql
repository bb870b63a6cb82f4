-- The other issue of a link that was made or removed, and how it reads from this one.
CREATE OR REPLACE FUNCTION nexus.linked(changes jsonb, issue text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', CASE WHEN source = issue THEN target ELSE source END, 'kind', 'issue',
        'wording', nexus.link_wording(link_type, source = issue))
    FROM (SELECT coalesce(changes #>> '{source_id,1}', changes #>> '{source_id,0}'),
                 coalesce(changes #>> '{target_id,1}', changes #>> '{target_id,0}'),
                 coalesce(changes #>> '{link_type_id,1}', changes #>> '{link_type_id,0}')
    ) AS link (source, target, link_type)
$$;
GRANT EXECUTE ON FUNCTION nexus.linked TO nexus_app;
