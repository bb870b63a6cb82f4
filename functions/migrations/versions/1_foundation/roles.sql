-- Run as the master user: roles, schemas and extensions. Everything after runs as nexus_owner.
-- Roles belong to the whole cluster, so another database may have made them already.
DO $$
BEGIN
    CREATE ROLE nexus_owner NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

-- Time limits are the role's, for poolers refuse start-up options. A statement's lie below a
-- request's deadline (nexus.db.deadline), that of an idle transaction above it.
DO $$
BEGIN
    CREATE ROLE nexus_app LOGIN;
    ALTER ROLE nexus_app SET statement_timeout = '20s';
    ALTER ROLE nexus_app SET lock_timeout = '10s';
    ALTER ROLE nexus_app SET idle_in_transaction_session_timeout = '30s';
    -- Who is not waited for any more (nexus.db.deadline) gives up its locks.
    ALTER ROLE nexus_app SET client_connection_check_interval = '1s';
    ALTER ROLE nexus_app SET search_path = public;
    ALTER ROLE nexus_app SET timezone = 'UTC';
    -- Starting a worker takes longer than any of these queries should.
    ALTER ROLE nexus_app SET max_parallel_workers_per_gather = 0;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    CREATE ROLE nexus_housekeeping LOGIN;
    ALTER ROLE nexus_housekeeping SET statement_timeout = '20s';
    ALTER ROLE nexus_housekeeping SET lock_timeout = '5s';
    ALTER ROLE nexus_housekeeping SET idle_in_transaction_session_timeout = '60s';
    ALTER ROLE nexus_housekeeping SET client_connection_check_interval = '1s';
    ALTER ROLE nexus_housekeeping SET search_path = public;
    ALTER ROLE nexus_housekeeping SET timezone = 'UTC';
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

GRANT nexus_owner TO CURRENT_USER;

CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;

CREATE SCHEMA nexus AUTHORIZATION nexus_owner;
CREATE SCHEMA search AUTHORIZATION nexus_owner;
GRANT USAGE, CREATE ON SCHEMA public TO nexus_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, nexus, search TO nexus_app;
GRANT USAGE ON SCHEMA public, nexus TO nexus_housekeeping;
GRANT SELECT ON alembic_version TO nexus_app, nexus_housekeeping;
ALTER TABLE alembic_version OWNER TO nexus_owner;

-- A temporary table would stand before ours wherever a path is searched: nobody makes any.
DO $$
BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;
