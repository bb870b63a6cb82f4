-- Tenants, users, groups, memberships, sessions and what guards them.
CREATE TABLE tenants (
    LIKE nexus.record INCLUDING ALL,
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT uq_tenants_slug UNIQUE,
    description text,
    is_root boolean GENERATED ALWAYS AS (id = nexus.root_tenant_id()) STORED,
    -- Where the API keeps what is set for a tenant; it knows the members.
    settings jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT ck_tenants_settings CHECK (jsonb_typeof(settings) = 'object')
        CONSTRAINT ck_tenants_settings_size CHECK (octet_length(settings::text) <= 8192),
    archived_at timestamptz
);
CREATE UNIQUE INDEX uq_tenants_name ON tenants (nexus.fold_unique(name)) WHERE archived_at IS NULL;
CREATE INDEX ix_tenants_updated_at ON tenants (updated_at, id);

CREATE TABLE users (
    LIKE nexus.record INCLUDING ALL,
    username text NOT NULL CONSTRAINT uq_users_username UNIQUE,
    email text NOT NULL CONSTRAINT uq_users_email UNIQUE,
    full_name text,
    password_hash text NOT NULL,
    -- Whose administrators made the account; null where somebody signed up.
    origin_tenant_id text COLLATE "C" CONSTRAINT fk_users_origin_tenant_id REFERENCES tenants ON DELETE SET NULL,
    deactivated_at timestamptz,
    last_signed_in_at timestamptz
);
CREATE INDEX ix_users_origin_tenant_id ON users (origin_tenant_id);

CREATE TABLE projects (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    key text NOT NULL,
    description text,
    archived_at timestamptz
);
CREATE UNIQUE INDEX uq_projects_name ON projects (tenant_id, nexus.fold_unique(name)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX uq_projects_key ON projects (tenant_id, key) WHERE archived_at IS NULL;

CREATE TABLE groups (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    description text,
    project_id text COLLATE "C",
    kind text NOT NULL DEFAULT 'custom'
        CONSTRAINT ck_groups_kind CHECK (kind IN ('administrators', 'users', 'custom')),
    archived_at timestamptz
);
CREATE UNIQUE INDEX uq_groups_name ON groups (tenant_id, nexus.fold_unique(name)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX uq_groups_kind ON groups (tenant_id, kind) WHERE kind <> 'custom';
CREATE INDEX ix_groups_project_id ON groups (project_id, tenant_id, id) WHERE project_id IS NOT NULL;

-- Their tenant is their group's, which goes with them. One that is not accepted is an invitation and counts
-- nowhere.
CREATE TABLE memberships (
    LIKE nexus.tenant_record INCLUDING ALL,
    group_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" CONSTRAINT fk_memberships_user_id REFERENCES users ON DELETE CASCADE,
    member_group_id text COLLATE "C",
    accepted_at timestamptz,
    invited_by_id text COLLATE "C" CONSTRAINT fk_memberships_invited_by_id REFERENCES users ON DELETE SET NULL,
    invited_as text,  -- the name that was given: users of elsewhere have no other in the tenant
    CONSTRAINT fk_memberships_group_id FOREIGN KEY (tenant_id, group_id)
        REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_memberships_member_group_id FOREIGN KEY (tenant_id, member_group_id)
        REFERENCES groups (tenant_id, id),
    CONSTRAINT ck_memberships_member CHECK (num_nonnulls(user_id, member_group_id) = 1),
    CONSTRAINT ck_memberships_accepted_at CHECK (num_nonnulls(accepted_at, user_id) > 0)
);
CREATE UNIQUE INDEX uq_memberships_user_id ON memberships (group_id, user_id);
CREATE UNIQUE INDEX uq_memberships_member_group_id ON memberships (group_id, member_group_id);
CREATE INDEX ix_memberships_user_id ON memberships (user_id, tenant_id);
CREATE INDEX ix_memberships_member_group_id ON memberships (member_group_id);
CREATE INDEX ix_memberships_group_id ON memberships (tenant_id, group_id, id);
CREATE INDEX ix_memberships_invited_by_id ON memberships (invited_by_id) WHERE invited_by_id IS NOT NULL;
CREATE INDEX ix_memberships_invited_id ON memberships (user_id, id) WHERE accepted_at IS NULL;
CREATE INDEX ix_memberships_invited_updated_at ON memberships (user_id, updated_at, id) WHERE accepted_at IS NULL;

CREATE VIEW nexus.accepted_memberships AS SELECT * FROM memberships WHERE accepted_at IS NOT NULL;

-- The users of each tenant, once each, with what lists of them are sorted and searched by: users
-- themselves have no tenant to keep an index by. Triggers write it, on memberships and on users.
CREATE TABLE tenant_users (
    tenant_id text COLLATE "C" NOT NULL
        CONSTRAINT fk_tenant_users_tenant_id REFERENCES tenants ON DELETE CASCADE,
    user_id text COLLATE "C" NOT NULL
        CONSTRAINT fk_tenant_users_user_id REFERENCES users ON DELETE CASCADE,
    updated_at timestamptz NOT NULL,
    username_sort text COLLATE "C" NOT NULL,
    email_sort text COLLATE "C" NOT NULL,
    full_name_sort text COLLATE "C",
    search text NOT NULL,
    CONSTRAINT pk_tenant_users PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX ix_tenant_users_user_id ON tenant_users (user_id);
CREATE INDEX ix_tenant_users_updated_at ON tenant_users (tenant_id, updated_at, user_id);
CREATE INDEX ix_tenant_users_username_sort ON tenant_users (tenant_id, username_sort, user_id);
CREATE INDEX ix_tenant_users_email_sort ON tenant_users (tenant_id, email_sort, user_id);
CREATE INDEX ix_tenant_users_full_name_sort ON tenant_users (tenant_id, full_name_sort, user_id);

CREATE TABLE preferences (
    LIKE nexus.record INCLUDING ALL,
    user_id text COLLATE "C" NOT NULL CONSTRAINT uq_preferences_user_id UNIQUE
        CONSTRAINT fk_preferences_user_id REFERENCES users ON DELETE CASCADE,
    default_tenant_id text COLLATE "C"
        CONSTRAINT fk_preferences_default_tenant_id REFERENCES tenants ON DELETE SET NULL,
    default_project_id text COLLATE "C",
    locale text NOT NULL DEFAULT 'en',
    time_zone text NOT NULL DEFAULT 'UTC',
    theme text NOT NULL DEFAULT 'system'
        CONSTRAINT ck_preferences_theme CHECK (theme IN ('system', 'light', 'dark')),
    page_size integer NOT NULL DEFAULT 50,
    extra jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX ix_preferences_default_tenant_id ON preferences (default_tenant_id);
CREATE INDEX ix_preferences_default_project_id ON preferences (default_project_id);

-- A session is its token: id is the token's id, token_hash a keyed hash of its secret.
-- expires_at is the earlier of idle time-out and lifetime, moved when the token is used.
CREATE TABLE sessions (
    LIKE nexus.record INCLUDING ALL,
    user_id text COLLATE "C" NOT NULL CONSTRAINT fk_sessions_user_id REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL,
    tenant_id text COLLATE "C" CONSTRAINT fk_sessions_tenant_id REFERENCES tenants ON DELETE SET NULL,
    project_id text COLLATE "C",
    last_used_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ip text,
    user_agent text
);
CREATE INDEX ix_sessions_user_id ON sessions (user_id, id);
CREATE INDEX ix_sessions_updated_at ON sessions (user_id, updated_at, id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE INDEX ix_sessions_tenant_id ON sessions (tenant_id);
CREATE INDEX ix_sessions_project_id ON sessions (project_id);

CREATE TABLE revoked_tokens (
    id text COLLATE "C" CONSTRAINT pk_revoked_tokens PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_revoked_tokens_expires_at ON revoked_tokens (expires_at);

-- id is a keyed hash of caller, tenant, route and key. An answer that shows what only a session or a tenant
-- in reach opens lives with it.
CREATE TABLE idempotency_keys (
    id text COLLATE "C" CONSTRAINT pk_idempotency_keys PRIMARY KEY,
    session_id text COLLATE "C" CONSTRAINT fk_idempotency_keys_session_id REFERENCES sessions ON DELETE CASCADE,
    tenant_id text COLLATE "C" CONSTRAINT fk_idempotency_keys_tenant_id REFERENCES tenants ON DELETE CASCADE,
    body_hash text NOT NULL,
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);
CREATE INDEX ix_idempotency_keys_session_id ON idempotency_keys (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX ix_idempotency_keys_tenant_id ON idempotency_keys (tenant_id) WHERE tenant_id IS NOT NULL;

-- id is a keyed hash of a name that was tried, of an address, or both; failed has the slots of
-- nexus.take_slot in which attempts failed since.
CREATE TABLE sign_in_throttles (
    id text COLLATE "C" CONSTRAINT pk_sign_in_throttles PRIMARY KEY,
    failed integer[] NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL DEFAULT now(),
    lockouts integer NOT NULL DEFAULT 0,
    locked_until timestamptz NOT NULL DEFAULT '-infinity',
    forget_at timestamptz NOT NULL DEFAULT now() + interval '15 minutes'
);
CREATE INDEX ix_sign_in_throttles_forget_at ON sign_in_throttles (forget_at);

-- Where a user signed in from. id: the user's, and a keyed hash of the address.
CREATE TABLE known_addresses (
    id text COLLATE "C" CONSTRAINT pk_known_addresses PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL CONSTRAINT fk_known_addresses_user_id REFERENCES users ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_known_addresses_user_id ON known_addresses (user_id);
CREATE INDEX ix_known_addresses_expires_at ON known_addresses (expires_at);

-- How often something was done in a span of time. id: a keyed hash of what, and of who did it.
CREATE TABLE quotas (
    id text COLLATE "C" CONSTRAINT pk_quotas PRIMARY KEY,
    used integer NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX ix_quotas_expires_at ON quotas (expires_at);

-- Guards ------------------------------------------------------------------------------------------

CREATE TRIGGER ck_groups_per_tenant BEFORE INSERT ON groups FOR EACH ROW
    EXECUTE FUNCTION nexus.bound_siblings(1000, 'tenant_id', 'tenants');
CREATE TRIGGER check_nesting AFTER INSERT OR UPDATE ON memberships FOR EACH ROW
    WHEN (NEW.member_group_id IS NOT NULL) EXECUTE FUNCTION nexus.check_nesting();
CREATE TRIGGER keep_administrator AFTER DELETE OR UPDATE OF tenant_id, group_id, user_id, member_group_id
    ON memberships FOR EACH ROW WHEN (OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION nexus.keep_administrator();
CREATE TRIGGER keep_administrator AFTER UPDATE OF archived_at ON groups FOR EACH ROW
    WHEN (NEW.archived_at IS NOT NULL) EXECUTE FUNCTION nexus.keep_administrator();
CREATE TRIGGER keep_administrator AFTER UPDATE OF deactivated_at ON users FOR EACH ROW
    WHEN (NEW.deactivated_at IS NOT NULL) EXECUTE FUNCTION nexus.keep_administrator();
CREATE TRIGGER add_preferences AFTER INSERT ON users FOR EACH ROW
    EXECUTE FUNCTION nexus.add_preferences();
-- Before (by name) the administrator is looked for: a user's row is taken first, as by who changes it.
CREATE TRIGGER add_tenant_user AFTER INSERT OR UPDATE OF accepted_at ON memberships FOR EACH ROW
    WHEN (NEW.user_id IS NOT NULL AND NEW.accepted_at IS NOT NULL) EXECUTE FUNCTION nexus.add_tenant_user();
CREATE TRIGGER drop_tenant_user AFTER DELETE ON memberships FOR EACH ROW
    WHEN (OLD.user_id IS NOT NULL AND OLD.accepted_at IS NOT NULL) EXECUTE FUNCTION nexus.drop_tenant_user();
CREATE TRIGGER change_tenant_users AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.updated_at <> NEW.updated_at) EXECUTE FUNCTION nexus.change_tenant_users();
CREATE TRIGGER bound_sessions AFTER INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION nexus.bound_sessions();
CREATE TRIGGER forget_answers AFTER UPDATE OF password_hash ON users FOR EACH ROW
    WHEN (OLD.password_hash <> NEW.password_hash) EXECUTE FUNCTION nexus.forget_answers();

-- Protection --------------------------------------------------------------------------------------

SELECT nexus.add_policies('tenants',
    'id = nexus.tenant_id() OR id = ANY (nexus.reached_tenants()) OR id >= nexus.sees_tenants_from()',
    'id = nexus.tenant_id()');
SELECT nexus.audit_table('tenants');
SELECT nexus.make_sortable('tenants', 'name', 'slug');
SELECT nexus.make_searchable('tenants', 'name', 'slug', 'description');

ALTER TABLE tenant_users ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_users FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON tenant_users TO nexus_owner USING (true);
CREATE POLICY reads ON tenant_users FOR SELECT TO nexus_app USING (tenant_id = nexus.tenant_id());
GRANT SELECT ON tenant_users TO nexus_app;
SELECT nexus.index_search('tenant_users');

SELECT nexus.add_policies('users',
    may_read => $$id = nexus.user_id() OR EXISTS (
        SELECT FROM tenant_users t WHERE t.tenant_id = nexus.tenant_id() AND t.user_id = users.id)$$,
    may_write => $$id = nexus.user_id() OR EXISTS (
        SELECT FROM tenant_users t WHERE t.tenant_id = nexus.tenant_id() AND t.user_id = users.id)$$,
    may_add => $$(id = nexus.user_id() AND origin_tenant_id IS NULL) OR origin_tenant_id = nexus.tenant_id()$$);
-- Whose account it is stays.
REVOKE UPDATE ON users FROM nexus_app;
GRANT UPDATE (updated_at, username, email, full_name, password_hash, deactivated_at, last_signed_in_at)
    ON users TO nexus_app;
SELECT nexus.audit_table('users', uncounted => 'last_signed_in_at', masked => 'password_hash');

SELECT nexus.protect_catalog('projects');
SELECT nexus.make_sortable('projects', 'name', 'key');
SELECT nexus.make_searchable('projects', 'name', 'key', 'description');

SELECT nexus.protect('groups');
SELECT nexus.reference_catalog('groups', 'project_id', 'projects');
SELECT nexus.make_sortable('groups', 'name', 'kind');
SELECT nexus.make_searchable('groups', 'name', 'description');

-- Invitations are the administrators' to see, and whom they are for; those are one's own to give back.
SELECT nexus.add_policies('memberships',
    '(tenant_id = nexus.tenant_id() AND (accepted_at IS NOT NULL OR (SELECT nexus.is_administrator())))'
    ' OR user_id = nexus.user_id()',
    'tenant_id = nexus.tenant_id()');
CREATE POLICY leaves ON memberships FOR DELETE TO nexus_app USING (user_id = nexus.user_id());
-- Who is in what does not change; to be held a row has to have a column that may.
REVOKE UPDATE ON memberships FROM nexus_app;
GRANT UPDATE (updated_at) ON memberships TO nexus_app;
SELECT nexus.audit_table('memberships');

SELECT nexus.add_policies('preferences', 'user_id = nexus.user_id()', 'user_id = nexus.user_id()');
SELECT nexus.audit_table('preferences', 'personal');
-- Of the tenant that was selected when it was chosen.
SELECT nexus.reference_catalog('preferences', 'default_project_id', 'projects', 'SET NULL', 'nexus.tenant_id()');
SELECT nexus.add_policies('sessions', 'user_id = nexus.user_id()', 'user_id = nexus.user_id()');
SELECT nexus.audit_table('sessions', 'personal', uncounted => 'last_used_at,expires_at', masked => 'token_hash');
SELECT nexus.reference_catalog('sessions', 'project_id', 'projects', 'SET NULL');

-- What only functions handle.
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON idempotency_keys TO nexus_owner USING (true);
ALTER TABLE known_addresses ENABLE ROW LEVEL SECURITY;
ALTER TABLE known_addresses FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON known_addresses TO nexus_owner USING (true);

-- Housekeeping forgets what has expired.
GRANT SELECT, DELETE ON sessions, revoked_tokens, idempotency_keys, sign_in_throttles, known_addresses, quotas
    TO nexus_housekeeping;
CREATE POLICY housekeeping ON sessions TO nexus_housekeeping USING (true);
CREATE POLICY housekeeping ON idempotency_keys TO nexus_housekeeping USING (true);
CREATE POLICY housekeeping ON known_addresses TO nexus_housekeeping USING (true);
