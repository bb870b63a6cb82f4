-- Authentication in one statement: checks token, session and user, picks the tenant (asked for, the
-- session's, the preferred, the only one), sets the transaction's context and tells who calls.
-- No row: not signed in. tenant_refused: the tenant asked for is out of reach or does not exist.
-- tenant_implied: nobody chose it, it is the only one. session_due: nexus.note_use wants to be called.
CREATE OR REPLACE FUNCTION nexus.authenticate(
    token_id text, hash bytea, wanted_tenant text, asking_request text, idle interval
) RETURNS TABLE (
    user_id text, tenant_id text, project_id text, is_administrator boolean,
    is_root_administrator boolean, tenant_refused boolean, tenant_archived boolean,
    tenant_implied boolean, session_due boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    session sessions;
    reached jsonb;
    reached_ids text;
    preferred text;
    chosen text := wanted_tenant;
    root boolean;
BEGIN
    SELECT s.* INTO session FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = token_id AND s.token_hash = hash AND s.expires_at > now()
      AND u.deactivated_at IS NULL AND NOT EXISTS (SELECT FROM revoked_tokens r WHERE r.id = s.id);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(jsonb_object_agg(r.tenant_id, r.is_administrator), '{}'), coalesce(string_agg(r.tenant_id, ','), '')
    INTO reached, reached_ids FROM nexus.reach(session.user_id) r;
    root := coalesce((reached ->> nexus.root_tenant_id())::boolean, false);
    IF chosen IS NULL AND (reached ? session.tenant_id
                           OR (root AND EXISTS (SELECT FROM tenants t WHERE t.id = session.tenant_id))) THEN
        chosen := session.tenant_id;
    END IF;
    IF chosen IS NULL THEN
        SELECT p.default_tenant_id INTO preferred FROM preferences p WHERE p.user_id = session.user_id;
        IF reached ? preferred OR (root AND preferred IS NOT NULL) THEN
            chosen := preferred;
        ELSIF (SELECT count(*) FROM jsonb_object_keys(reached)) = 1 THEN
            chosen := (SELECT key FROM jsonb_object_keys(reached) AS key);
            tenant_implied := true;
        END IF;
    ELSIF NOT reached ? chosen AND NOT (root AND EXISTS (SELECT FROM tenants t WHERE t.id = chosen)) THEN
        chosen := NULL;
        tenant_refused := true;
    END IF;
    PERFORM set_config('nexus.user_id', session.user_id, true),
            set_config('nexus.tenant_id', coalesce(chosen, ''), true),
            set_config('nexus.chosen_tenant_id', CASE WHEN tenant_implied THEN '' ELSE coalesce(chosen, '') END, true),
            set_config('nexus.reached_tenants', reached_ids, true),
            set_config('nexus.sees_tenants_from', CASE WHEN root THEN '0' ELSE '' END, true),
            set_config('nexus.request_id', asking_request, true);
    RETURN QUERY SELECT session.user_id, chosen, CASE WHEN chosen = session.tenant_id THEN session.project_id END,
        root OR coalesce((reached ->> chosen)::boolean, false), root,
        coalesce(tenant_refused, false),
        EXISTS (SELECT FROM tenants t WHERE t.id = chosen AND t.archived_at IS NOT NULL),
        coalesce(tenant_implied, false), nexus.is_due(session.last_used_at, session.expires_at, session.ends_at, idle);
END $$;
GRANT EXECUTE ON FUNCTION nexus.authenticate TO nexus_app;
