-- What changes of a user changes in each of their tenants.
CREATE OR REPLACE FUNCTION nexus.change_tenant_users() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE tenant_users t
    SET (updated_at, username_sort, email_sort, full_name_sort, search) = (
        SELECT entry.updated_at, entry.username_sort, entry.email_sort, entry.full_name_sort, entry.search
        FROM nexus.tenant_user_row(NEW.id) AS entry)
    WHERE t.user_id = NEW.id;
    RETURN NULL;
END $$;
