-- What every table leans on: context, keys, folding, versions, audit, protection, search.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The context of a transaction. A setting that was local to an earlier transaction reads as ''.
CREATE FUNCTION nexus.tenant_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('nexus.tenant_id', true), '');
CREATE FUNCTION nexus.user_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('nexus.user_id', true), '');
CREATE FUNCTION nexus.request_id() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('nexus.request_id', true), '');
-- The root tenant, whose catalog records every tenant sees (nexus.access.scope.ROOT_TENANT_ID).
CREATE FUNCTION nexus.root_tenant_id() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN '00000000000000000000000001';

-- Text as searches compare it: without accents and case (rules of the unaccent extension).
CREATE FUNCTION nexus.fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(public.unaccent('public.unaccent'::regdictionary, value));

-- A ULID (48 bits of milliseconds, 80 random bits, Crockford's base 32), for rows that triggers make.
CREATE FUNCTION nexus.ulid() RETURNS text LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
DECLARE
    alphabet constant text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    random_bytes constant bytea := uuid_send(gen_random_uuid());
    -- Bytes 6 and 8 of a random UUID hold its version and variant: left out.
    parts bigint[] := ARRAY[
        floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        ('x' || encode(substr(random_bytes, 1, 5), 'hex'))::bit(40)::bigint,
        ('x' || encode(substr(random_bytes, 11, 5), 'hex'))::bit(40)::bigint];
    widths constant int[] := ARRAY[10, 8, 8];
    result text := '';
BEGIN
    FOR part IN 1..3 LOOP
        FOR place IN REVERSE widths[part] - 1..0 LOOP
            result := result || substr(alphabet, ((parts[part] >> (5 * place)) & 31)::int + 1, 1);
        END LOOP;
    END LOOP;
    RETURN result;
END $$;

-- BEFORE UPDATE: a change moves version and updated_at, a write that changes nothing does not.
-- Arguments: columns that do not count as a change.
CREATE FUNCTION nexus.bump_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    uncounted constant text[] := ARRAY['version', 'updated_at', 'created_at', 'search'] || TG_ARGV;
BEGIN
    NEW.created_at := OLD.created_at;
    NEW.updated_at := OLD.updated_at;
    NEW.version := OLD.version;
    IF to_jsonb(NEW) - uncounted <> to_jsonb(OLD) - uncounted THEN
        NEW.updated_at := now();
        NEW.version := OLD.version + 1;
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE audit_events (
    id text COLLATE "C" CONSTRAINT pk_audit_events PRIMARY KEY,
    tenant_id text COLLATE "C",
    actor_id text COLLATE "C",
    action text NOT NULL,
    resource text NOT NULL,
    record_id text COLLATE "C" NOT NULL,
    changes jsonb NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    request_id text
);
CREATE INDEX ix_audit_events_tenant_id ON audit_events (tenant_id, id);
CREATE INDEX ix_audit_events_record ON audit_events (tenant_id, record_id, id);

ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_events FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON audit_events TO nexus_owner USING (true);
-- What happened outside any tenant (sign-ups, sessions, deleted tenants) is the root tenant's to read.
CREATE POLICY tenant ON audit_events FOR SELECT TO nexus_app
    USING (tenant_id = nexus.tenant_id()
           OR (tenant_id IS NULL AND nexus.tenant_id() = nexus.root_tenant_id()));
GRANT SELECT ON audit_events TO nexus_app;

-- AFTER INSERT, UPDATE, DELETE: one event with old and new of each changed field.
-- Arguments: 'tenant' or 'personal' (belongs to no tenant's log), columns left out, columns whose
-- values are masked; both lists comma separated.
CREATE FUNCTION nexus.audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    hidden constant text[] := ARRAY['version', 'updated_at', 'created_at', 'search']
        || string_to_array(TG_ARGV[1], ',');
    masked constant text[] := string_to_array(TG_ARGV[2], ',');
    was constant jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) - hidden END;
    becomes constant jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) - hidden END;
    either constant jsonb := was || becomes;
    changed jsonb;
    owner text;
BEGIN
    SELECT jsonb_object_agg(key, CASE WHEN key = ANY (masked) THEN '["***", "***"]'::jsonb
                                 ELSE jsonb_build_array(was -> key, becomes -> key) END)
    INTO changed
    FROM jsonb_object_keys(either) AS key
    WHERE NULLIF(was -> key, 'null') IS DISTINCT FROM NULLIF(becomes -> key, 'null');
    IF changed IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_ARGV[0] = 'tenant' THEN
        owner := coalesce(either ->> 'tenant_id', nexus.tenant_id());
    END IF;
    IF TG_TABLE_NAME = 'tenants' THEN
        owner := CASE WHEN TG_OP <> 'DELETE' THEN either ->> 'id' END;
    END IF;
    IF current_setting('nexus.reason', true) <> '' THEN
        changed := changed || jsonb_build_object(
            'reason', jsonb_build_array(NULL, current_setting('nexus.reason', true)));
    END IF;
    INSERT INTO audit_events (id, tenant_id, actor_id, action, resource, record_id, changes, request_id)
    VALUES (nexus.ulid(), owner, nexus.user_id(), lower(TG_OP), replace(TG_TABLE_NAME, '_', '-'),
            either ->> 'id', changed, nexus.request_id());
    RETURN NULL;
END $$;

-- Versions and audit for a table; see nexus.bump_version and nexus.audit for the arguments.
CREATE FUNCTION nexus.audit_table(
    relation regclass, log text DEFAULT 'tenant', uncounted text DEFAULT '', masked text DEFAULT ''
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION nexus.bump_version(%s)',
                   relation, (SELECT coalesce(string_agg(quote_literal(c), ', '), '')
                              FROM unnest(string_to_array(uncounted, ',')) AS c));
    EXECUTE format('CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW '
                   'EXECUTE FUNCTION nexus.audit(%L, %L, %L)', relation, log, uncounted, masked);
END $$;

-- Forced row-level security with the given rules for nexus_app; the owner (migrations and the
-- functions below that say SECURITY DEFINER) is not bound, housekeeping is granted table by table.
CREATE FUNCTION nexus.add_policies(relation regclass, may_read text, may_write text, may_add text DEFAULT NULL)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY owner ON %s TO nexus_owner USING (true)', relation);
    EXECUTE format('CREATE POLICY reads ON %s FOR SELECT TO nexus_app USING (%s)', relation, may_read);
    EXECUTE format('CREATE POLICY inserts ON %s FOR INSERT TO nexus_app WITH CHECK (%s)', relation,
                   coalesce(may_add, may_write));
    EXECUTE format('CREATE POLICY updates ON %s FOR UPDATE TO nexus_app USING (%s)', relation, may_write);
    EXECUTE format('CREATE POLICY deletes ON %s FOR DELETE TO nexus_app USING (%s)', relation, may_write);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO nexus_app', relation);
END $$;

-- A table of a tenant: its rows are the selected tenant's alone.
CREATE FUNCTION nexus.protect(relation regclass) RETURNS void LANGUAGE sql AS $$
    SELECT nexus.add_policies(relation, 'tenant_id = nexus.tenant_id()', 'tenant_id = nexus.tenant_id()');
    SELECT nexus.audit_table(relation);
$$;

-- A catalog: the root tenant's rows are read by all, written from the root tenant alone.
CREATE FUNCTION nexus.protect_catalog(relation regclass) RETURNS void LANGUAGE sql AS $$
    SELECT nexus.add_policies(relation, 'tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id()) '
                                    'AND nexus.tenant_id() IS NOT NULL', 'tenant_id = nexus.tenant_id()');
    SELECT nexus.audit_table(relation);
$$;

-- ?q= through an index. LIKE is not leakproof, so under a policy no index serves it. Searches select
-- from a view instead, which runs with its owner's rights and repeats the policy. A table that gains
-- a column needs its view anew.
CREATE FUNCTION nexus.make_searchable(relation regclass, VARIADIC columns text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    wall constant text := (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
                           WHERE polrelid = relation AND polname = 'reads');
    joined constant text := (SELECT string_agg(format('coalesce(%I, '''')', c), ' || '' '' || ') FROM unnest(columns) AS c);
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN search text GENERATED ALWAYS AS (nexus.fold(%s)) STORED',
                   relation, joined);
    EXECUTE format('CREATE INDEX %I ON %s USING gin (search gin_trgm_ops)', 'ix_' || name || '_search', relation);
    EXECUTE format('CREATE VIEW search.%I AS SELECT * FROM %s WHERE %s', name, relation, wall);
    EXECUTE format('GRANT SELECT ON search.%I TO nexus_app', name);
END $$;

-- What keeps a record from being deleted: the rows elsewhere that reference it (parts, which go with
-- it, are foreign keys ON DELETE CASCADE). Rows of other tenants are told to the root tenant only.
CREATE FUNCTION nexus.references_to(relation regclass, record_id text)
RETURNS TABLE (resource text, count bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    reference record;
    is_tenants boolean;
BEGIN
    FOR reference IN
        SELECT c.conrelid::regclass AS relation, t.relname, a.attname, c.conrelid
        FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid
        CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(here, there)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.here
        JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.there AND f.attname = 'id'
        WHERE c.contype = 'f' AND c.confrelid = relation AND c.confdeltype IN ('a', 'r')
        ORDER BY t.relname
    LOOP
        is_tenants := nexus.tenant_id() <> nexus.root_tenant_id() AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = reference.conrelid AND attname = 'tenant_id');
        resource := replace(reference.relname, '_', '-');
        EXECUTE format('SELECT count(*) FROM %s WHERE %I = $1 %s', reference.relation, reference.attname,
                       CASE WHEN is_tenants THEN 'AND tenant_id = nexus.tenant_id()' ELSE '' END)
            INTO count USING record_id;
        IF count > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END $$;

GRANT EXECUTE ON FUNCTION nexus.tenant_id, nexus.user_id, nexus.request_id, nexus.root_tenant_id,
    nexus.fold, nexus.references_to TO nexus_app;
GRANT EXECUTE ON FUNCTION nexus.tenant_id, nexus.user_id, nexus.request_id, nexus.root_tenant_id,
    nexus.fold TO nexus_housekeeping;
