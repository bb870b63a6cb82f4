-- The moment that a day begins at, where the selected tenant is.
CREATE OR REPLACE FUNCTION nexus.start_of(day date) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT day::timestamp AT TIME ZONE nexus.time_zone()
$$;
GRANT EXECUTE ON FUNCTION nexus.start_of TO nexus_app, nexus_housekeeping;
