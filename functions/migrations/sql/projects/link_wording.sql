-- How a link reads from one of its ends.
CREATE OR REPLACE FUNCTION nexus.link_wording(link_type text, is_outward boolean) RETURNS text LANGUAGE sql STABLE
AS $$ SELECT CASE WHEN is_outward THEN t.outward ELSE t.inward END FROM issue_link_types t WHERE t.id = link_type $$;
GRANT EXECUTE ON FUNCTION nexus.link_wording TO nexus_app;
