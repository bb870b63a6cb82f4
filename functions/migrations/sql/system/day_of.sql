-- The day that a moment is in, where the selected tenant is.
CREATE OR REPLACE FUNCTION nexus.day_of(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (moment AT TIME ZONE nexus.time_zone())::date
$$;
GRANT EXECUTE ON FUNCTION nexus.day_of TO nexus_app, nexus_housekeeping;
