-- Takes a counted attempt back after it succeeded: a name starts anew, an address loses just this one.
CREATE OR REPLACE FUNCTION nexus.forgive_attempt(name_throttle text, address_throttle text, address_allowed integer)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE sign_in_throttles
    SET failures = greatest(failures - 1, 0),
        lockouts = CASE WHEN failures = address_allowed THEN 0 ELSE lockouts END,
        locked_until = CASE WHEN failures <= address_allowed THEN '-infinity' ELSE locked_until END
    WHERE id = address_throttle;
    DELETE FROM sign_in_throttles WHERE id = name_throttle;
$$;
GRANT EXECUTE ON FUNCTION nexus.forgive_attempt TO nexus_app;
