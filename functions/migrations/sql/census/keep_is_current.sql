-- The person says which identity is current, whatever is written here. Of a person that is yet to come,
-- what is written is believed until it comes (nexus.mark_current_identity).
CREATE OR REPLACE FUNCTION nexus.keep_is_current() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    person persons;
BEGIN
    SELECT * INTO person FROM persons WHERE tenant_id = NEW.tenant_id AND id = NEW.person_id;
    IF FOUND THEN
        NEW.is_current := num_nonnulls(NEW.deactivated_at, NEW.archived_at) = 0
            AND coalesce(person.current_identity_id = NEW.id, false);
    END IF;
    RETURN NEW;
END $$;
