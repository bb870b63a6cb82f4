-- Takes an Idempotency-Key for this transaction, and tells the answer that it has already. Its scope is
-- the caller (a stranger: by address), the tenant and, within key, the route. A tenant that nobody chose
-- does not count: it may be another after the very request that is retried (POST /tenants).
CREATE OR REPLACE FUNCTION nexus.claim_key(key text, stranger text) RETURNS TABLE (
    id text, is_mine boolean, body_hash text, status integer, headers jsonb, body text
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    id := concat_ws(' ', key, coalesce(nexus.user_id(), stranger),
                    NULLIF(current_setting('nexus.chosen_tenant_id', true), ''));
    is_mine := pg_try_advisory_xact_lock(hashtextextended('key:' || id, 0));
    SELECT k.body_hash, k.status, k.headers, k.body INTO body_hash, status, headers, body
    FROM idempotency_keys k WHERE k.id = claim_key.id AND k.expires_at > now();
    RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION nexus.claim_key TO nexus_app;
