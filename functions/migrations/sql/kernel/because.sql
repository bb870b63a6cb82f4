-- Why the next change is made, for the log.
CREATE OR REPLACE FUNCTION nexus.because(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('nexus.reason', reason, true);
END $$;
GRANT EXECUTE ON FUNCTION nexus.because TO nexus_app;
