CREATE TABLE persons (
    id text COLLATE "C" CONSTRAINT pk_persons PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_persons_tenant_id REFERENCES tenants,
    current_identity_id text COLLATE "C",
    user_id text COLLATE "C" CONSTRAINT fk_persons_user_id REFERENCES users,
    external_id text,
    names text NOT NULL DEFAULT '',
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_persons_tenant_id UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX uq_persons_external_id ON persons (tenant_id, lower(external_id))
    WHERE archived_at IS NULL;
CREATE INDEX ix_persons_external_id ON persons (tenant_id, external_id, id);
CREATE INDEX ix_persons_user_id ON persons (user_id, tenant_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_persons_current_identity_id ON persons (tenant_id, current_identity_id, id);

CREATE TABLE identities (
    id text COLLATE "C" CONSTRAINT pk_identities PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_identities_tenant_id REFERENCES tenants,
    person_id text COLLATE "C" NOT NULL,
    first_name text NOT NULL,
    middle_name text,
    last_name text NOT NULL,
    preferred_name text,
    deactivated_at timestamptz,
    archived_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_identities_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT uq_identities_person_id UNIQUE (tenant_id, person_id, id),
    CONSTRAINT fk_identities_person_id FOREIGN KEY (tenant_id, person_id)
        REFERENCES persons (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_identities_last_name ON identities (tenant_id, last_name, id);
CREATE INDEX ix_identities_first_name ON identities (tenant_id, first_name, id);

-- The person's own. Deferred, for a person is made before its first identity.
ALTER TABLE persons ADD CONSTRAINT fk_persons_current_identity_id
    FOREIGN KEY (tenant_id, id, current_identity_id) REFERENCES identities (tenant_id, person_id, id)
    ON DELETE SET NULL (current_identity_id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE contacts (
    id text COLLATE "C" CONSTRAINT pk_contacts PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_contacts_tenant_id REFERENCES tenants,
    person_id text COLLATE "C",
    identity_id text COLLATE "C",
    type text NOT NULL
        CONSTRAINT ck_contacts_type CHECK (type IN ('email', 'phone', 'address', 'other')),
    value text NOT NULL,
    label text,
    sort_order integer NOT NULL CONSTRAINT ck_contacts_sort_order CHECK (sort_order >= 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_contacts_tenant_id UNIQUE (tenant_id, id),
    CONSTRAINT ck_contacts_owner CHECK (num_nonnulls(person_id, identity_id) = 1),
    CONSTRAINT fk_contacts_person_id FOREIGN KEY (tenant_id, person_id)
        REFERENCES persons (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_contacts_identity_id FOREIGN KEY (tenant_id, identity_id)
        REFERENCES identities (tenant_id, id) ON DELETE CASCADE,
    -- Checked after each statement, so that one statement moves them all.
    CONSTRAINT uq_contacts_person_order UNIQUE (tenant_id, person_id, sort_order) DEFERRABLE,
    CONSTRAINT uq_contacts_identity_order UNIQUE (tenant_id, identity_id, sort_order) DEFERRABLE
);
CREATE INDEX ix_contacts_value ON contacts (tenant_id, value, id);

-- A person's current identity is active and not archived when the transaction ends. The lock makes
-- a request that deactivates the identity at once wait and then clear it.
CREATE FUNCTION nexus.check_current_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    chosen constant text := (SELECT current_identity_id FROM persons WHERE id = NEW.id);
BEGIN
    IF chosen IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM identities
    WHERE id = chosen AND deactivated_at IS NULL AND archived_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_persons_current_identity_id', MESSAGE = 'the current identity is not active';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ck_persons_current_identity_id AFTER INSERT OR UPDATE ON persons
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.current_identity_id IS NOT NULL) EXECUTE FUNCTION nexus.check_current_identity();

CREATE FUNCTION nexus.clear_current_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE persons SET current_identity_id = NULL
    WHERE id = NEW.person_id AND current_identity_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER clear_current_identity AFTER UPDATE OF deactivated_at, archived_at ON identities
    FOR EACH ROW WHEN (NEW.deactivated_at IS NOT NULL OR NEW.archived_at IS NOT NULL)
    EXECUTE FUNCTION nexus.clear_current_identity();

-- What a search for persons looks at: every name of their live identities. The row is locked first,
-- so that the second of two requests at once sees the names of the first.
CREATE FUNCTION nexus.gather_names() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    person constant text := CASE TG_OP WHEN 'DELETE' THEN OLD.person_id ELSE NEW.person_id END;
BEGIN
    PERFORM FROM persons WHERE id = person FOR NO KEY UPDATE;
    UPDATE persons p SET names = coalesce((
        SELECT string_agg(concat_ws(' ', first_name, middle_name, last_name, preferred_name), ' ' ORDER BY i.id)
        FROM identities i
        WHERE i.tenant_id = p.tenant_id AND i.person_id = p.id AND i.archived_at IS NULL), '')
    WHERE p.id = person;
    RETURN NULL;
END $$;
CREATE TRIGGER gather_names
    AFTER INSERT OR DELETE OR UPDATE OF first_name, middle_name, last_name, preferred_name, archived_at
    ON identities FOR EACH ROW EXECUTE FUNCTION nexus.gather_names();

SELECT nexus.add_policies('persons', 'tenant_id = nexus.tenant_id()', 'tenant_id = nexus.tenant_id()');
SELECT nexus.audit_table('persons', uncounted => 'names');
SELECT nexus.make_searchable('persons', 'external_id', 'names');
SELECT nexus.protect('identities');
SELECT nexus.make_searchable('identities', 'first_name', 'middle_name', 'last_name', 'preferred_name');
SELECT nexus.protect('contacts');
SELECT nexus.make_searchable('contacts', 'value', 'label');
