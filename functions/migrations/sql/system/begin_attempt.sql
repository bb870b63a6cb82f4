-- Before a password is looked at: the seconds to wait, or the slots that the attempt holds (see
-- nexus.take_slot) and what the password is compared with. A stranger may ask of any name, a user of
-- themselves. An address from which the user signed in lately is not held up by failures elsewhere.
CREATE OR REPLACE FUNCTION nexus.begin_attempt(name text, of_name text, of_address text)
RETURNS TABLE (wait integer, slots integer[], user_id text, password_hash text, is_active boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    account users;
    t record;
    slot integer;
BEGIN
    SELECT u.* INTO account FROM users u
    WHERE (u.username = begin_attempt.name OR u.email = begin_attempt.name)
      AND u.id = coalesce(nexus.user_id(), u.id);
    FOR t IN SELECT * FROM nexus.throttles(of_name, of_address) ORDER BY place LOOP
        IF t.throttle = of_name AND EXISTS (
            SELECT FROM known_addresses k
            WHERE k.id = account.id || ' ' || of_address AND k.expires_at > now()
        ) THEN
            slot := NULL;
        ELSE
            SELECT s.wait, s.slot INTO wait, slot FROM nexus.take_slot(t.throttle, t.allowed) AS s;
        END IF;
        EXIT WHEN wait > 0;
        slots := slots || slot;
    END LOOP;
    IF wait = 0 AND account.id IS NOT NULL THEN
        user_id := account.id;
        password_hash := account.password_hash;
        is_active := account.deactivated_at IS NULL;
    END IF;
    RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION nexus.begin_attempt TO nexus_app;
