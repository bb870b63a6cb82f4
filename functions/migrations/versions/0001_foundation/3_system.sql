-- Tenants, users, groups, memberships, sessions and what guards them.
CREATE TABLE tenants (
    id text COLLATE "C" CONSTRAINT pk_tenants PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT uq_tenants_slug UNIQUE,
    description text,
    is_root boolean GENERATED ALWAYS AS (id = '00000000000000000000000001') STORED,
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX uq_tenants_name ON tenants (lower(name)) WHERE archived_at IS NULL;
CREATE INDEX ix_tenants_name ON tenants (name, id);

CREATE TABLE users (
    id text COLLATE "C" CONSTRAINT pk_users PRIMARY KEY,
    username text NOT NULL CONSTRAINT uq_users_username UNIQUE,
    email text NOT NULL CONSTRAINT uq_users_email UNIQUE,
    full_name text,
    password_hash text NOT NULL,
    deactivated_at timestamptz,
    last_signed_in_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE projects (
    id text COLLATE "C" CONSTRAINT pk_projects PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_projects_tenant_id REFERENCES tenants,
    name text NOT NULL,
    key text NOT NULL,
    description text,
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_projects_tenant_id UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX uq_projects_name ON projects (tenant_id, lower(name)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX uq_projects_key ON projects (tenant_id, key) WHERE archived_at IS NULL;

CREATE TABLE groups (
    id text COLLATE "C" CONSTRAINT pk_groups PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_groups_tenant_id REFERENCES tenants,
    name text NOT NULL,
    description text,
    project_id text COLLATE "C" CONSTRAINT fk_groups_project_id REFERENCES projects,
    kind text NOT NULL DEFAULT 'custom'
        CONSTRAINT ck_groups_kind CHECK (kind IN ('administrators', 'users', 'custom')),
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_groups_tenant_id UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX uq_groups_name ON groups (tenant_id, lower(name)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX uq_groups_kind ON groups (tenant_id, kind) WHERE kind <> 'custom';
CREATE INDEX ix_groups_name ON groups (tenant_id, name, id);
CREATE INDEX ix_groups_project_id ON groups (project_id) WHERE project_id IS NOT NULL;

CREATE TABLE memberships (
    id text COLLATE "C" CONSTRAINT pk_memberships PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL,
    group_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" CONSTRAINT fk_memberships_user_id REFERENCES users ON DELETE CASCADE,
    member_group_id text COLLATE "C",
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_memberships_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT fk_memberships_group_id FOREIGN KEY (tenant_id, group_id)
        REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_memberships_member_group_id FOREIGN KEY (tenant_id, member_group_id)
        REFERENCES groups (tenant_id, id),
    CONSTRAINT ck_memberships_member CHECK (num_nonnulls(user_id, member_group_id) = 1)
);
CREATE UNIQUE INDEX uq_memberships_user_id ON memberships (group_id, user_id);
CREATE UNIQUE INDEX uq_memberships_member_group_id ON memberships (group_id, member_group_id);
CREATE INDEX ix_memberships_user_id ON memberships (user_id, tenant_id);
CREATE INDEX ix_memberships_member_group_id ON memberships (member_group_id);
CREATE INDEX ix_memberships_group_id ON memberships (tenant_id, group_id, id);

CREATE TABLE preferences (
    id text COLLATE "C" CONSTRAINT pk_preferences PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL CONSTRAINT uq_preferences_user_id UNIQUE
        CONSTRAINT fk_preferences_user_id REFERENCES users ON DELETE CASCADE,
    default_tenant_id text COLLATE "C"
        CONSTRAINT fk_preferences_default_tenant_id REFERENCES tenants ON DELETE SET NULL,
    default_project_id text COLLATE "C"
        CONSTRAINT fk_preferences_default_project_id REFERENCES projects ON DELETE SET NULL,
    locale text NOT NULL DEFAULT 'en',
    time_zone text NOT NULL DEFAULT 'UTC',
    theme text NOT NULL DEFAULT 'system'
        CONSTRAINT ck_preferences_theme CHECK (theme IN ('system', 'light', 'dark')),
    page_size integer NOT NULL DEFAULT 50,
    extra jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX ix_preferences_default_tenant_id ON preferences (default_tenant_id);
CREATE INDEX ix_preferences_default_project_id ON preferences (default_project_id);

-- A session is its token: id is the token's id, token_hash a keyed hash of its secret.
-- expires_at is the earlier of idle time-out and lifetime, moved when the token is used.
CREATE TABLE sessions (
    id text COLLATE "C" CONSTRAINT pk_sessions PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL CONSTRAINT fk_sessions_user_id REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL,
    tenant_id text COLLATE "C" CONSTRAINT fk_sessions_tenant_id REFERENCES tenants ON DELETE SET NULL,
    project_id text COLLATE "C" CONSTRAINT fk_sessions_project_id REFERENCES projects ON DELETE SET NULL,
    last_used_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ip text,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX ix_sessions_user_id ON sessions (user_id, id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE INDEX ix_sessions_tenant_id ON sessions (tenant_id);
CREATE INDEX ix_sessions_project_id ON sessions (project_id);

CREATE TABLE revoked_tokens (
    id text COLLATE "C" CONSTRAINT pk_revoked_tokens PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_revoked_tokens_expires_at ON revoked_tokens (expires_at);

-- id is a keyed hash of caller, tenant, route and key.
CREATE TABLE idempotency_keys (
    id text COLLATE "C" CONSTRAINT pk_idempotency_keys PRIMARY KEY,
    body_hash text NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);
GRANT SELECT, INSERT, UPDATE ON idempotency_keys TO nexus_app;

-- id is a keyed hash of a name or an address that was tried.
CREATE TABLE sign_in_throttles (
    id text COLLATE "C" CONSTRAINT pk_sign_in_throttles PRIMARY KEY,
    failures integer NOT NULL DEFAULT 0,
    since timestamptz NOT NULL DEFAULT now(),
    lockouts integer NOT NULL DEFAULT 0,
    locked_until timestamptz NOT NULL DEFAULT '-infinity',
    forget_at timestamptz NOT NULL DEFAULT now() + interval '15 minutes'
);
CREATE INDEX ix_sign_in_throttles_forget_at ON sign_in_throttles (forget_at);

-- Who reaches what ------------------------------------------------------------------------------

-- The tenants a user reaches through live groups, nested ones included; an archived tenant is in
-- reach of its administrators alone.
CREATE FUNCTION nexus.reach(of_user text) RETURNS TABLE (tenant_id text, is_administrator boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE mine (group_id) AS (
        SELECT g.id FROM memberships m JOIN groups g ON g.id = m.group_id
        WHERE m.user_id = of_user AND g.archived_at IS NULL
        UNION
        SELECT g.id FROM mine JOIN memberships m ON m.member_group_id = mine.group_id
        JOIN groups g ON g.id = m.group_id WHERE g.archived_at IS NULL
    )
    SELECT g.tenant_id, bool_or(g.kind = 'administrators')
    FROM mine JOIN groups g ON g.id = mine.group_id JOIN tenants t ON t.id = g.tenant_id
    GROUP BY g.tenant_id, t.archived_at
    HAVING t.archived_at IS NULL OR bool_or(g.kind = 'administrators')
$$;

-- The tenants the caller sees: those in reach; for an administrator of the root tenant, all.
CREATE FUNCTION nexus.visible_tenants() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH reached AS MATERIALIZED (SELECT * FROM nexus.reach(nexus.user_id()))
    SELECT tenant_id FROM reached
    UNION
    SELECT id FROM tenants WHERE EXISTS (
        SELECT FROM reached WHERE tenant_id = nexus.root_tenant_id() AND is_administrator)
$$;

-- The groups of the selected tenant that a user is in, directly or through nested groups.
CREATE FUNCTION nexus.groups_of(of_user text) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH RECURSIVE mine (group_id) AS (
        SELECT group_id FROM memberships WHERE user_id = of_user AND tenant_id = nexus.tenant_id()
        UNION
        SELECT m.group_id FROM mine JOIN memberships m ON m.member_group_id = mine.group_id
        JOIN groups g ON g.id = mine.group_id WHERE g.archived_at IS NULL
    )
    SELECT group_id FROM mine
$$;

-- Whether a user belongs to another tenant than the selected one.
CREATE FUNCTION nexus.belongs_elsewhere(of_user text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT FROM memberships WHERE user_id = of_user AND tenant_id <> nexus.tenant_id())
$$;

-- A user known by exact username or email, of whatever tenant.
CREATE FUNCTION nexus.find_user(name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM users WHERE (username = name OR email = name) AND deactivated_at IS NULL
$$;

-- A slug that no tenant has, made of a name: a-z, 0-9 and single dashes. Another request that makes
-- the same one waits its turn.
CREATE FUNCTION nexus.free_slug(of_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    wish constant text := coalesce(NULLIF(trim(BOTH '-' FROM left(
        regexp_replace(nexus.fold(of_name), '[^a-z0-9]+', '-', 'g'), 60)), ''), 'tenant');
    slug_tried text := wish;
    number integer := 1;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('slug:' || wish, 0));
    WHILE EXISTS (SELECT FROM tenants WHERE slug = slug_tried) LOOP
        number := number + 1;
        slug_tried := wish || '-' || number;
    END LOOP;
    RETURN slug_tried;
END $$;

-- Authentication in one statement: checks token, session and user, picks the tenant (asked for, the
-- session's, the preferred, the only one), sets the transaction's context and tells who calls.
-- No row: not signed in. tenant_refused: the tenant asked for is out of reach or does not exist.
-- tenant_implied: nobody chose it, it is the only one.
CREATE FUNCTION nexus.authenticate(
    token_id text, hash bytea, wanted_tenant text, asking_request text, idle interval
) RETURNS TABLE (
    user_id text, tenant_id text, project_id text, is_administrator boolean,
    is_root_administrator boolean, tenant_refused boolean, tenant_archived boolean,
    tenant_implied boolean, touched boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
    session sessions;
    reached jsonb;
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
    SELECT coalesce(jsonb_object_agg(r.tenant_id, r.is_administrator), '{}') INTO reached
    FROM nexus.reach(session.user_id) r;
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
    -- A request that finds the row locked leaves it to the one that holds it.
    UPDATE sessions SET last_used_at = now(), expires_at = least(ends_at, now() + idle)
    WHERE id = (SELECT s.id FROM sessions s WHERE s.id = token_id
                AND s.last_used_at < now() - interval '1 minute' FOR UPDATE SKIP LOCKED);
    touched := FOUND;
    PERFORM set_config('nexus.user_id', session.user_id, true),
            set_config('nexus.tenant_id', coalesce(chosen, ''), true),
            set_config('nexus.request_id', asking_request, true);
    RETURN QUERY SELECT session.user_id, chosen, CASE WHEN chosen = session.tenant_id THEN session.project_id END,
        root OR coalesce((reached ->> chosen)::boolean, false), root,
        coalesce(tenant_refused, false),
        EXISTS (SELECT FROM tenants t WHERE t.id = chosen AND t.archived_at IS NOT NULL),
        coalesce(tenant_implied, false), touched;
END $$;

-- Sessions ----------------------------------------------------------------------------------------

-- Ends sessions of a user: one (only), or all but one (keep); their tokens stay refused until they
-- would have expired. Returns how many ended.
CREATE FUNCTION nexus.revoke_sessions(of_user text, only_this text, keep text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    ended integer;
BEGIN
    WITH gone AS (
        DELETE FROM sessions WHERE user_id = of_user AND (only_this IS NULL OR id = only_this)
            AND id IS DISTINCT FROM keep
        RETURNING id, ends_at
    )
    INSERT INTO revoked_tokens (id, expires_at) SELECT id, ends_at FROM gone
    ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END $$;

-- Counts an attempt before it is checked, so that attempts at once cannot outrun the count.
-- Returns the seconds to wait, 0 to go ahead. Lock-outs last 1, 2, 4 … minutes, an hour at most.
CREATE FUNCTION nexus.count_attempt(throttle text, allowed integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    t sign_in_throttles;
BEGIN
    INSERT INTO sign_in_throttles (id) VALUES (throttle) ON CONFLICT (id) DO NOTHING;
    SELECT * INTO t FROM sign_in_throttles WHERE id = throttle FOR UPDATE;
    IF t.locked_until > now() THEN
        RETURN ceil(extract(epoch FROM t.locked_until - now()));
    END IF;
    IF t.forget_at < now() THEN
        t.failures := 0; t.lockouts := 0; t.since := now();
    ELSIF t.failures < allowed AND t.since < now() - interval '15 minutes' THEN
        t.failures := 0; t.since := now();
    END IF;
    t.failures := t.failures + 1;
    t.forget_at := now() + interval '15 minutes';
    IF t.failures >= allowed THEN
        t.locked_until := now() + least(interval '1 minute' * 2 ^ least(t.lockouts, 6), interval '1 hour');
        t.lockouts := t.lockouts + 1;
        t.forget_at := t.locked_until + interval '15 minutes';
    END IF;
    UPDATE sign_in_throttles SET failures = t.failures, since = t.since, lockouts = t.lockouts,
        locked_until = t.locked_until, forget_at = t.forget_at WHERE id = throttle;
    RETURN 0;
END $$;

-- Takes a counted attempt back after it succeeded: a name starts anew, an address loses just this one.
CREATE FUNCTION nexus.forgive_attempt(name_throttle text, address_throttle text, address_allowed integer)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    UPDATE sign_in_throttles
    SET failures = greatest(failures - 1, 0),
        lockouts = CASE WHEN failures = address_allowed THEN 0 ELSE lockouts END,
        locked_until = CASE WHEN failures <= address_allowed THEN '-infinity' ELSE locked_until END
    WHERE id = address_throttle;
    DELETE FROM sign_in_throttles WHERE id = name_throttle;
$$;

-- What a sign-in needs to know of a user, before there is a context.
CREATE FUNCTION nexus.credentials(name text)
RETURNS TABLE (user_id text, password_hash text, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id, password_hash, deactivated_at IS NULL FROM users WHERE username = name OR email = name
$$;

-- Guards ------------------------------------------------------------------------------------------

-- No group is, through nesting, its own member. The lock makes two nestings at once take turns.
CREATE FUNCTION nexus.refuse_nesting_cycle() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('nesting:' || NEW.tenant_id, 0));
    IF EXISTS (
        WITH RECURSIVE below (group_id) AS (
            SELECT NEW.member_group_id
            UNION
            SELECT m.member_group_id FROM below JOIN memberships m ON m.group_id = below.group_id
            WHERE m.member_group_id IS NOT NULL
        ) SELECT FROM below WHERE group_id = NEW.group_id
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_memberships_no_cycle',
            MESSAGE = 'a group would be its own member';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_nesting_cycle AFTER INSERT OR UPDATE ON memberships FOR EACH ROW
    WHEN (NEW.member_group_id IS NOT NULL) EXECUTE FUNCTION nexus.refuse_nesting_cycle();

-- A tenant keeps an active administrator. Runs after the change, under a lock for each tenant, so
-- that of two requests which each remove one of the last two the second sees the first.
CREATE FUNCTION nexus.require_administrator(of_tenant text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('administrators:' || of_tenant, 0));
    IF EXISTS (SELECT FROM groups WHERE tenant_id = of_tenant AND kind = 'administrators')
       AND NOT EXISTS (
        WITH RECURSIVE below (group_id) AS (
            SELECT id FROM groups WHERE tenant_id = of_tenant AND kind = 'administrators'
            UNION
            SELECT g.id FROM below JOIN memberships m ON m.group_id = below.group_id
            JOIN groups g ON g.id = m.member_group_id WHERE g.archived_at IS NULL
        )
        SELECT FROM below JOIN memberships m ON m.group_id = below.group_id
        JOIN users u ON u.id = m.user_id WHERE u.deactivated_at IS NULL
    ) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_tenants_administrator',
            MESSAGE = 'a tenant would be left without an administrator';
    END IF;
END $$;

CREATE FUNCTION nexus.keep_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_TABLE_NAME = 'users' THEN
        PERFORM nexus.require_administrator(tenant_id)
        FROM (SELECT tenant_id FROM nexus.reach(OLD.id) WHERE is_administrator ORDER BY tenant_id) AS mine;
    ELSE
        PERFORM nexus.require_administrator(OLD.tenant_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_administrator AFTER DELETE OR UPDATE ON memberships FOR EACH ROW
    EXECUTE FUNCTION nexus.keep_administrator();
CREATE TRIGGER keep_administrator AFTER UPDATE OF archived_at ON groups FOR EACH ROW
    WHEN (NEW.archived_at IS NOT NULL) EXECUTE FUNCTION nexus.keep_administrator();
CREATE TRIGGER keep_administrator AFTER UPDATE OF deactivated_at ON users FOR EACH ROW
    WHEN (NEW.deactivated_at IS NOT NULL) EXECUTE FUNCTION nexus.keep_administrator();

-- Preferences come with their user.
CREATE FUNCTION nexus.add_preferences() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO preferences (id, user_id) VALUES (nexus.ulid(), NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER add_preferences AFTER INSERT ON users FOR EACH ROW
    EXECUTE FUNCTION nexus.add_preferences();

-- Protection --------------------------------------------------------------------------------------

SELECT nexus.add_policies('tenants',
    'id = nexus.tenant_id() OR id = ANY (ARRAY (SELECT nexus.visible_tenants()))', 'id = nexus.tenant_id()');
SELECT nexus.audit_table('tenants');
SELECT nexus.make_searchable('tenants', 'name', 'slug', 'description');

SELECT nexus.add_policies('users',
    may_read => $$id = nexus.user_id() OR EXISTS (
        SELECT FROM memberships m WHERE m.tenant_id = nexus.tenant_id() AND m.user_id = users.id)$$,
    may_write => $$id = nexus.user_id() OR EXISTS (
        SELECT FROM memberships m WHERE m.tenant_id = nexus.tenant_id() AND m.user_id = users.id)$$,
    may_add => $$id = nexus.user_id() OR nexus.tenant_id() IS NOT NULL$$);
SELECT nexus.audit_table('users', uncounted => 'last_signed_in_at', masked => 'password_hash');
SELECT nexus.make_searchable('users', 'username', 'email', 'full_name');

SELECT nexus.protect_catalog('projects');
SELECT nexus.make_searchable('projects', 'name', 'key', 'description');
SELECT nexus.protect('groups');
SELECT nexus.make_searchable('groups', 'name', 'description');
SELECT nexus.protect('memberships');

SELECT nexus.add_policies('preferences', 'user_id = nexus.user_id()', 'user_id = nexus.user_id()');
SELECT nexus.audit_table('preferences', 'personal');
SELECT nexus.add_policies('sessions', 'user_id = nexus.user_id()', 'user_id = nexus.user_id()');
SELECT nexus.audit_table('sessions', 'personal', uncounted => 'last_used_at,expires_at', masked => 'token_hash');

-- Housekeeping forgets what has expired.
GRANT SELECT, DELETE ON sessions, revoked_tokens, idempotency_keys, sign_in_throttles TO nexus_housekeeping;
CREATE POLICY housekeeping ON sessions TO nexus_housekeeping USING (true);

GRANT EXECUTE ON FUNCTION nexus.authenticate, nexus.reach, nexus.visible_tenants, nexus.groups_of,
    nexus.belongs_elsewhere, nexus.find_user, nexus.revoke_sessions, nexus.count_attempt,
    nexus.forgive_attempt, nexus.credentials, nexus.free_slug TO nexus_app;
