-- Keeps the answer to the request that claimed an Idempotency-Key; session and tenant that it lives with are
-- null where it lives with none. Raises where another request was faster, so that a COMMIT behind it does not
-- happen.
CREATE OR REPLACE FUNCTION nexus.keep_answer(
    body_hash text, status integer, headers jsonb, body text, session_id text, tenant_id text
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    INSERT INTO idempotency_keys (id, body_hash, status, headers, body, session_id, tenant_id, expires_at)
    VALUES (NULLIF(current_setting('nexus.claimed_key'), ''), body_hash, status, headers, body, session_id, tenant_id,
            now() + interval '24 hours');
END $$;
GRANT EXECUTE ON FUNCTION nexus.keep_answer TO nexus_app;
