-- A person is named by the current identity, and searched for by every name of the live ones.
CREATE OR REPLACE FUNCTION nexus.name_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT concat_ws(' ', coalesce(preferred_name, first_name), last_name),
           concat_ws(', ', last_name, NULLIF(concat_ws(' ', first_name, middle_name), ''))
    INTO NEW.name, NEW.sort_name
    FROM identities
    WHERE tenant_id = NEW.tenant_id AND person_id = NEW.id AND id = NEW.current_identity_id;
    SELECT coalesce(string_agg(concat_ws(' ', first_name, middle_name, last_name, preferred_name,
                                         nexus.joined_name(last_name, first_name)), ' ' ORDER BY id), '')
    INTO NEW.names
    FROM identities
    WHERE tenant_id = NEW.tenant_id AND person_id = NEW.id AND archived_at IS NULL;
    RETURN NEW;
END $$;
