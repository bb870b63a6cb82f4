-- Takes an Idempotency-Key for this transaction, and tells the answer that it has already. Its scope is
-- the caller (a stranger: by address), the tenant where the request is of one and, within key, the route. A
-- tenant that nobody chose does not count: it may be another when the request is retried.
-- An answer that lives with a session or a tenant is none without: its session has ended, its tenant is out
-- of reach.
CREATE OR REPLACE FUNCTION nexus.claim_key(key text, stranger text, is_of_tenant boolean)
RETURNS TABLE (is_mine boolean, body_hash text, status integer, headers jsonb, body text, session_id text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    claimed constant text := concat_ws(' ', key, coalesce(nexus.user_id(), stranger),
                                       CASE WHEN is_of_tenant THEN NULLIF(current_setting('nexus.chosen_tenant_id', true), '') END);
BEGIN
    is_mine := pg_try_advisory_xact_lock(hashtextextended('key:' || claimed, 0));
    PERFORM set_config('nexus.claimed_key', claimed, true);
    SELECT k.body_hash, k.status, k.headers, k.body, k.session_id
    INTO body_hash, status, headers, body, session_id
    FROM idempotency_keys k LEFT JOIN sessions s ON s.id = k.session_id
    WHERE k.id = claimed AND k.expires_at > now() AND (k.session_id IS NULL OR s.expires_at > now())
      AND (k.tenant_id IS NULL OR k.tenant_id = ANY (nexus.reached_tenants()) OR k.tenant_id >= nexus.sees_tenants_from());
    IF is_mine AND status IS NULL THEN
        DELETE FROM idempotency_keys k WHERE k.id = claimed;
    END IF;
    RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION nexus.claim_key TO nexus_app;
