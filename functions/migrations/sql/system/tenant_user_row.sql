-- What nexus.tenant_users holds of a user, in every tenant alike.
CREATE OR REPLACE FUNCTION nexus.tenant_user_row(of_user text)
RETURNS TABLE (
    user_id text, updated_at timestamptz, username_sort text, email_sort text, full_name_sort text, search text
) LANGUAGE sql STABLE AS $$
    SELECT id, updated_at, nexus.fold_search(username), left(nexus.fold_search(email), 200),
           left(nexus.fold_search(full_name), 200), nexus.search_text(concat_ws(' ', username, email, full_name))
    FROM users WHERE id = of_user
$$;
