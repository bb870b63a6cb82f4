-- A slug that no tenant has, made of a name: a-z, 0-9 and single dashes. Another request that makes
-- the same one waits its turn.
CREATE OR REPLACE FUNCTION nexus.free_slug(of_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wish constant text := coalesce(NULLIF(trim(BOTH '-' FROM left(
        regexp_replace(nexus.fold_search(of_name), '[^a-z0-9]+', '-', 'g'), 60)), ''), 'tenant');
    slug_tried text := wish;
    number integer := 1;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('slug:' || wish, 0));
    WHILE EXISTS (SELECT FROM tenants WHERE slug = slug_tried) LOOP
        number := number + 1;
        slug_tried := wish || '-' || number;
    END LOOP;
    RETURN slug_tried;
END $$;
GRANT EXECUTE ON FUNCTION nexus.free_slug TO nexus_app;
