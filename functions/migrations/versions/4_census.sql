-- name and sort_name are the current identity's, names are those of all live identities: triggers
-- keep them.
CREATE TABLE persons (
    LIKE nexus.tenant_record INCLUDING ALL,
    current_identity_id text COLLATE "C",
    user_id text COLLATE "C" CONSTRAINT fk_persons_user_id REFERENCES users,
    external_id text,
    name text,
    sort_name text,
    names text NOT NULL DEFAULT '',
    archived_at timestamptz
);
CREATE UNIQUE INDEX uq_persons_external_id ON persons (tenant_id, nexus.fold_unique(external_id))
    WHERE archived_at IS NULL;
CREATE INDEX ix_persons_user_id ON persons (user_id, tenant_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_persons_current_identity_id ON persons (tenant_id, current_identity_id, id);

-- is_current says what the person says; a trigger keeps it. The reference is looked at when the
-- transaction ends, so that a first identity is made before its person and both are whole at once.
CREATE TABLE identities (
    LIKE nexus.tenant_record INCLUDING ALL,
    person_id text COLLATE "C" NOT NULL,
    first_name text,
    middle_name text,
    last_name text,
    preferred_name text,
    is_current boolean NOT NULL DEFAULT false,
    deactivated_at timestamptz,
    archived_at timestamptz,
    CONSTRAINT ck_identities_name CHECK (num_nonnulls(first_name, last_name) > 0),
    CONSTRAINT uq_identities_person_id UNIQUE (tenant_id, person_id, id),
    CONSTRAINT fk_identities_person_id FOREIGN KEY (tenant_id, person_id)
        REFERENCES persons (tenant_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);

-- The person's own.
ALTER TABLE persons ADD CONSTRAINT fk_persons_current_identity_id
    FOREIGN KEY (tenant_id, id, current_identity_id) REFERENCES identities (tenant_id, person_id, id)
    ON DELETE SET NULL (current_identity_id) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE contacts (
    LIKE nexus.tenant_record INCLUDING ALL,
    person_id text COLLATE "C",
    identity_id text COLLATE "C",
    type text NOT NULL
        CONSTRAINT ck_contacts_type CHECK (type IN ('email', 'phone', 'address', 'other')),
    value text NOT NULL,
    label text,
    sort_order integer NOT NULL CONSTRAINT ck_contacts_sort_order CHECK (sort_order >= 0),
    CONSTRAINT ck_contacts_owner CHECK (num_nonnulls(person_id, identity_id) = 1),
    CONSTRAINT fk_contacts_person_id FOREIGN KEY (tenant_id, person_id)
        REFERENCES persons (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_contacts_identity_id FOREIGN KEY (tenant_id, identity_id)
        REFERENCES identities (tenant_id, id) ON DELETE CASCADE,
    -- Checked after each statement, so that one statement moves them all.
    CONSTRAINT uq_contacts_person_order UNIQUE (tenant_id, person_id, sort_order) DEFERRABLE,
    CONSTRAINT uq_contacts_identity_order UNIQUE (tenant_id, identity_id, sort_order) DEFERRABLE
);

CREATE TRIGGER ck_identities_per_person BEFORE INSERT ON identities FOR EACH ROW
    EXECUTE FUNCTION nexus.bound_siblings(100, 'person_id', 'persons');
CREATE TRIGGER ck_contacts_per_person BEFORE INSERT ON contacts FOR EACH ROW
    WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION nexus.bound_siblings(100, 'person_id', 'persons');
CREATE TRIGGER ck_contacts_per_identity BEFORE INSERT ON contacts FOR EACH ROW
    WHEN (NEW.identity_id IS NOT NULL) EXECUTE FUNCTION nexus.bound_siblings(100, 'identity_id', 'identities');

-- Locks are taken in one order: the person, then its identities by id.
CREATE TRIGGER name_person BEFORE INSERT OR UPDATE OF current_identity_id, name, sort_name, names ON persons
    FOR EACH ROW EXECUTE FUNCTION nexus.name_person();
CREATE TRIGGER mark_current_identity AFTER INSERT OR UPDATE OF current_identity_id ON persons
    FOR EACH ROW EXECUTE FUNCTION nexus.mark_current_identity();
CREATE CONSTRAINT TRIGGER ck_persons_current_identity_id AFTER INSERT OR UPDATE ON persons
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.current_identity_id IS NOT NULL) EXECUTE FUNCTION nexus.check_current_identity();
CREATE TRIGGER is_current BEFORE INSERT OR UPDATE ON identities
    FOR EACH ROW EXECUTE FUNCTION nexus.keep_is_current();
CREATE TRIGGER clear_current_identity AFTER UPDATE OF deactivated_at, archived_at ON identities
    FOR EACH ROW WHEN (NEW.deactivated_at IS NOT NULL OR NEW.archived_at IS NOT NULL)
    EXECUTE FUNCTION nexus.clear_current_identity();
CREATE TRIGGER gather_names
    AFTER INSERT OR DELETE OR UPDATE OF first_name, middle_name, last_name, preferred_name, archived_at
    ON identities FOR EACH ROW EXECUTE FUNCTION nexus.gather_names();
CREATE TRIGGER ck_persons_user_id AFTER INSERT OR UPDATE OF user_id ON persons
    FOR EACH ROW WHEN (NEW.user_id IS NOT NULL) EXECUTE FUNCTION nexus.check_user_of_person();
CREATE TRIGGER untie_user AFTER DELETE ON memberships
    FOR EACH ROW WHEN (OLD.user_id IS NOT NULL) EXECUTE FUNCTION nexus.untie_user();

SELECT nexus.protect('persons', uncounted => 'names', derived => 'name,sort_name');
SELECT nexus.make_sortable('persons', 'external_id', 'name', 'sort_name');
SELECT nexus.make_searchable('persons', 'external_id', 'names');
SELECT nexus.protect('identities', derived => 'is_current');
SELECT nexus.make_sortable('identities', 'first_name', 'last_name', 'preferred_name');
SELECT nexus.make_searchable('identities', 'first_name', 'middle_name', 'last_name', 'preferred_name',
                             'nexus.joined_name(last_name, first_name)');
SELECT nexus.protect('contacts');
SELECT nexus.make_sortable('contacts', 'value');
SELECT nexus.make_searchable('contacts', 'value', 'label');
