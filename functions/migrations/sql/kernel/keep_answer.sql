-- Keeps the answer to a request with an Idempotency-Key. Raises where another request was faster, so that
-- a COMMIT behind it does not happen.
CREATE OR REPLACE FUNCTION nexus.keep_answer(id text, body_hash text, status integer, headers jsonb, body text)
RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN
    DELETE FROM idempotency_keys k WHERE k.id = id AND k.expires_at <= now();
    INSERT INTO idempotency_keys (id, body_hash, status, headers, body, expires_at)
    VALUES (id, body_hash, status, headers, body, now() + interval '24 hours');
END $$;
GRANT EXECUTE ON FUNCTION nexus.keep_answer TO nexus_app;
