-- What every table leans on: case, the columns of a record, the log of what happened.

-- Case as Unicode has it, whatever the database's own collation is: PostgreSQL's from version 17 on,
-- before that the system's.
DO $$
DECLARE
    locale text;
BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        CREATE COLLATION nexus.unicode (provider = builtin, locale = 'C.UTF-8');
        RETURN;
    END IF;
    FOREACH locale IN ARRAY ARRAY['C.UTF-8', 'C.utf8', 'en_US.UTF-8', 'en_US.utf8'] LOOP
        BEGIN
            EXECUTE format('CREATE COLLATION nexus.unicode (provider = libc, locale = %L)', locale);
            RETURN;
        EXCEPTION WHEN invalid_parameter_value THEN NULL;
        END;
    END LOOP;
    RAISE EXCEPTION 'the server has no UTF-8 locale that folds case';
END $$;

-- What each record has: CREATE TABLE … (LIKE nexus.tenant_record INCLUDING ALL, …).
CREATE TABLE nexus.record (
    id text COLLATE "C" PRIMARY KEY,
    created_at timestamptz NOT NULL GENERATED ALWAYS AS (nexus.ulid_time(id)) STORED,
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE TABLE nexus.tenant_record (
    LIKE nexus.record INCLUDING ALL,
    tenant_id text COLLATE "C" NOT NULL,
    UNIQUE (tenant_id, id)
);
CREATE INDEX ON nexus.tenant_record (tenant_id, updated_at, id);

CREATE TABLE audit_events (
    id text COLLATE "C" CONSTRAINT pk_audit_events PRIMARY KEY,
    tenant_id text COLLATE "C",
    -- Whose administrators read it: what happened outside any tenant (sign-ups, sessions, deleted tenants)
    -- is the root tenant's to read.
    reader_id text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(tenant_id, nexus.root_tenant_id())) STORED,
    actor_id text COLLATE "C",
    action text NOT NULL,
    resource text NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    changes jsonb NOT NULL,
    occurred_at timestamptz NOT NULL GENERATED ALWAYS AS (nexus.ulid_time(id)) STORED,
    request_id text
);
CREATE INDEX ix_audit_events_reader_id ON audit_events (reader_id, id);
CREATE INDEX ix_audit_events_record_id ON audit_events (reader_id, record_id, id);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audit_events TO nexus_owner USING (true);
CREATE POLICY tenant ON audit_events FOR SELECT TO nexus_app USING (reader_id = nexus.tenant_id());
GRANT SELECT ON audit_events TO nexus_app;
