-- Before a password is looked at: the seconds to wait, or the slots that the attempt holds (see
-- nexus.take_slot) and what the password is compared with. A stranger may ask of any name, a user of
-- themselves. Failures count for the name from the address (5), for the name from anywhere (25; not where
-- the user signed in from the address lately), for the address (50).
CREATE OR REPLACE FUNCTION nexus.begin_attempt(name text, of_name text, of_address text)
RETURNS TABLE (wait integer, slots integer[], user_id text, password_hash text, is_active boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    account users;
    slot integer;
BEGIN
    SELECT u.* INTO account FROM users u
    WHERE (u.username = begin_attempt.name OR u.email = begin_attempt.name)
      AND u.id = coalesce(nexus.user_id(), u.id);
    SELECT s.wait, s.slot INTO wait, slot FROM nexus.take_slot(of_name || ' ' || of_address, 5) AS s;
    slots := ARRAY[slot];
    IF wait = 0 THEN
        IF EXISTS (SELECT FROM known_addresses k
                   WHERE k.id = account.id || ' ' || of_address AND k.expires_at > now()) THEN
            slot := NULL;
        ELSE
            SELECT s.wait, s.slot INTO wait, slot FROM nexus.take_slot(of_name, 25) AS s;
        END IF;
        slots := slots || slot;
    END IF;
    IF wait = 0 THEN
        SELECT s.wait, s.slot INTO wait, slot FROM nexus.take_slot(of_address, 50) AS s;
        slots := slots || slot;
    END IF;
    IF wait = 0 THEN
        user_id := account.id;
        password_hash := account.password_hash;
        is_active := account.deactivated_at IS NULL;
    END IF;
    RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION nexus.begin_attempt TO nexus_app;
