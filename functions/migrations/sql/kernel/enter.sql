-- Makes the transaction's context. In a function: a proxy that sees a session set something keeps it for one
-- client alone.
CREATE OR REPLACE FUNCTION nexus.enter(user_id text, tenant_id text, request_id text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('nexus.user_id', user_id, true), set_config('nexus.tenant_id', tenant_id, true),
            set_config('nexus.request_id', request_id, true);
END $$;
GRANT EXECUTE ON FUNCTION nexus.enter TO nexus_app, nexus_housekeeping;
