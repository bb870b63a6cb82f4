-- What each event is about besides its own record: a comment's issue, both ends of a link.
CREATE TABLE audit_subjects (
    tenant_id text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    CONSTRAINT pk_audit_subjects PRIMARY KEY (tenant_id, subject_id, event_id)
);
SELECT nexus.protect_derived('audit_subjects');

-- A project's key stays once issues are numbered by it.
CREATE TRIGGER ck_projects_key_kept AFTER UPDATE OF key ON projects FOR EACH ROW
    WHEN (OLD.key <> NEW.key) EXECUTE FUNCTION nexus.keep_project_key();

-- Configuration ---------------------------------------------------------------------------------

CREATE TABLE issue_screens (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL
);
CREATE UNIQUE INDEX uq_issue_screens_name ON issue_screens (tenant_id, nexus.fold_unique(name));
SELECT nexus.protect_catalog('issue_screens');
SELECT nexus.make_sortable('issue_screens', 'name');
SELECT nexus.make_searchable('issue_screens', 'name');

CREATE TABLE issue_fields (
    LIKE nexus.tenant_record INCLUDING ALL,
    key text COLLATE "C" NOT NULL CONSTRAINT ck_issue_fields_key CHECK (key ~ '^[a-z0-9_]{1,50}$'),
    name text NOT NULL,
    type text NOT NULL CONSTRAINT ck_issue_fields_type CHECK (type IN (
        'text', 'number', 'boolean', 'date', 'datetime', 'choice', 'multi_choice', 'user', 'person', 'asset',
        'location', 'url')),
    choices text[],
    is_required boolean NOT NULL DEFAULT false,
    CONSTRAINT ck_issue_fields_choices CHECK ((type IN ('choice', 'multi_choice')) = (choices IS NOT NULL))
);
CREATE UNIQUE INDEX uq_issue_fields_name ON issue_fields (tenant_id, nexus.fold_unique(name));
CREATE UNIQUE INDEX uq_issue_fields_key ON issue_fields (tenant_id, key);
CREATE TRIGGER ck_issue_fields_per_tenant BEFORE INSERT ON issue_fields FOR EACH ROW
    EXECUTE FUNCTION nexus.bound_siblings(500, 'tenant_id', 'tenants');
SELECT nexus.protect_catalog('issue_fields');
SELECT nexus.make_sortable('issue_fields', 'key', 'name');
SELECT nexus.make_searchable('issue_fields', 'key', 'name');

CREATE TABLE issue_screen_fields (
    LIKE nexus.tenant_record INCLUDING ALL,
    screen_id text COLLATE "C" NOT NULL,
    field_id text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    is_required boolean NOT NULL DEFAULT false,
    CONSTRAINT fk_issue_screen_fields_screen_id FOREIGN KEY (tenant_id, screen_id)
        REFERENCES issue_screens (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_issue_screen_fields_field_id ON issue_screen_fields (tenant_id, screen_id, field_id);
CREATE INDEX ix_issue_screen_fields_field_id ON issue_screen_fields (field_id, tenant_id, id);
CREATE INDEX ix_issue_screen_fields_position ON issue_screen_fields (tenant_id, screen_id, position, id);
CREATE TRIGGER ck_issue_screen_fields_per_screen BEFORE INSERT ON issue_screen_fields FOR EACH ROW
    EXECUTE FUNCTION nexus.bound_siblings(100, 'screen_id', 'issue_screens');
SELECT nexus.protect_catalog('issue_screen_fields');
SELECT nexus.reference_catalog('issue_screen_fields', 'field_id', 'issue_fields');

CREATE TABLE issue_statuses (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    category text NOT NULL
        CONSTRAINT ck_issue_statuses_category CHECK (category IN ('open', 'in_progress', 'done'))
);
CREATE UNIQUE INDEX uq_issue_statuses_name ON issue_statuses (tenant_id, nexus.fold_unique(name));
CREATE TRIGGER ck_issue_statuses_category_kept AFTER UPDATE OF category ON issue_statuses FOR EACH ROW
    WHEN (OLD.category <> NEW.category) EXECUTE FUNCTION nexus.keep_while_used('status_id');
SELECT nexus.protect_catalog('issue_statuses');
SELECT nexus.make_sortable('issue_statuses', 'name');
SELECT nexus.make_searchable('issue_statuses', 'name');

CREATE TABLE issue_priorities (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    rank integer NOT NULL CONSTRAINT ck_issue_priorities_rank CHECK (rank BETWEEN 0 AND 10000),
    is_default boolean NOT NULL DEFAULT false,
    CONSTRAINT uq_issue_priorities_rank UNIQUE (tenant_id, rank)
);
CREATE UNIQUE INDEX uq_issue_priorities_name ON issue_priorities (tenant_id, nexus.fold_unique(name));
CREATE UNIQUE INDEX uq_issue_priorities_is_default ON issue_priorities (tenant_id) WHERE is_default;
CREATE TRIGGER move_mark BEFORE INSERT OR UPDATE OF is_default ON issue_priorities FOR EACH ROW
    WHEN (NEW.is_default) EXECUTE FUNCTION nexus.move_default_priority();
SELECT nexus.protect_catalog('issue_priorities');
SELECT nexus.make_sortable('issue_priorities', 'name');
SELECT nexus.make_searchable('issue_priorities', 'name');

CREATE TABLE issue_workflows (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    description text
);
CREATE UNIQUE INDEX uq_issue_workflows_name ON issue_workflows (tenant_id, nexus.fold_unique(name));
SELECT nexus.protect_catalog('issue_workflows');
SELECT nexus.make_sortable('issue_workflows', 'name');
SELECT nexus.make_searchable('issue_workflows', 'name', 'description');

CREATE TABLE issue_workflow_statuses (
    LIKE nexus.tenant_record INCLUDING ALL,
    workflow_id text COLLATE "C" NOT NULL,
    status_id text COLLATE "C" NOT NULL,
    is_initial boolean NOT NULL DEFAULT false,
    position integer NOT NULL,
    CONSTRAINT uq_issue_workflow_statuses_status_id UNIQUE (workflow_id, status_id),
    CONSTRAINT fk_issue_workflow_statuses_workflow_id FOREIGN KEY (tenant_id, workflow_id)
        REFERENCES issue_workflows (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_issue_workflow_statuses_is_initial ON issue_workflow_statuses (workflow_id) WHERE is_initial;
CREATE INDEX ix_issue_workflow_statuses_status_id ON issue_workflow_statuses (status_id, tenant_id, id);
CREATE INDEX ix_issue_workflow_statuses_position ON issue_workflow_statuses (tenant_id, workflow_id, position, id);
CREATE TRIGGER ck_issue_workflow_statuses_per_workflow BEFORE INSERT ON issue_workflow_statuses FOR EACH ROW
    EXECUTE FUNCTION nexus.bound_siblings(100, 'workflow_id', 'issue_workflows');
CREATE TRIGGER move_mark BEFORE INSERT OR UPDATE OF is_initial ON issue_workflow_statuses FOR EACH ROW
    EXECUTE FUNCTION nexus.move_initial_status();
CREATE TRIGGER ck_issue_workflow_statuses_used AFTER DELETE ON issue_workflow_statuses FOR EACH ROW
    EXECUTE FUNCTION nexus.keep_workflow_status();
SELECT nexus.protect_catalog('issue_workflow_statuses');
SELECT nexus.reference_catalog('issue_workflow_statuses', 'status_id', 'issue_statuses');

-- Both ends are statuses of the workflow.
CREATE TABLE issue_workflow_transitions (
    LIKE nexus.tenant_record INCLUDING ALL,
    workflow_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    from_status_id text COLLATE "C",
    to_status_id text COLLATE "C" NOT NULL,
    screen_id text COLLATE "C",
    requires_comment boolean NOT NULL DEFAULT false,
    CONSTRAINT ck_issue_workflow_transitions_ends CHECK (from_status_id <> to_status_id),
    CONSTRAINT fk_issue_workflow_transitions_workflow_id FOREIGN KEY (tenant_id, workflow_id)
        REFERENCES issue_workflows (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_issue_workflow_transitions_from FOREIGN KEY (workflow_id, from_status_id)
        REFERENCES issue_workflow_statuses (workflow_id, status_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_issue_workflow_transitions_to FOREIGN KEY (workflow_id, to_status_id)
        REFERENCES issue_workflow_statuses (workflow_id, status_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX uq_issue_workflow_transitions_name
    ON issue_workflow_transitions (tenant_id, workflow_id, nexus.fold_unique(name));
CREATE INDEX ix_issue_workflow_transitions_workflow_id ON issue_workflow_transitions (tenant_id, workflow_id, id);
CREATE INDEX ix_issue_workflow_transitions_from ON issue_workflow_transitions (workflow_id, from_status_id);
CREATE INDEX ix_issue_workflow_transitions_to ON issue_workflow_transitions (workflow_id, to_status_id);
CREATE INDEX ix_issue_workflow_transitions_screen_id ON issue_workflow_transitions (screen_id, tenant_id, id);
CREATE TRIGGER ck_issue_workflow_transitions_per_workflow BEFORE INSERT ON issue_workflow_transitions FOR EACH ROW
    EXECUTE FUNCTION nexus.bound_siblings(500, 'workflow_id', 'issue_workflows');
SELECT nexus.protect_catalog('issue_workflow_transitions');
SELECT nexus.reference_catalog('issue_workflow_transitions', 'screen_id', 'issue_screens');
SELECT nexus.make_sortable('issue_workflow_transitions', 'name');
SELECT nexus.make_searchable('issue_workflow_transitions', 'name');

CREATE TABLE issue_types (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    key text COLLATE "C" NOT NULL CONSTRAINT ck_issue_types_key CHECK (key ~ '^[a-z0-9_]{1,50}$'),
    kind text NOT NULL CONSTRAINT ck_issue_types_kind CHECK (kind IN (
        'service_request', 'known_problem', 'incident', 'post_incident_analysis', 'change', 'repair')),
    workflow_id text COLLATE "C" NOT NULL,
    screen_id text COLLATE "C",
    description text
);
CREATE UNIQUE INDEX uq_issue_types_name ON issue_types (tenant_id, nexus.fold_unique(name));
CREATE UNIQUE INDEX uq_issue_types_key ON issue_types (tenant_id, key);
CREATE INDEX ix_issue_types_workflow_id ON issue_types (workflow_id, tenant_id, id);
CREATE INDEX ix_issue_types_screen_id ON issue_types (screen_id, tenant_id, id);
CREATE TRIGGER ck_issue_types_kind_kept AFTER UPDATE OF kind ON issue_types FOR EACH ROW
    WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION nexus.keep_while_used('issue_type_id');
CREATE TRIGGER ck_issue_types_workflow_kept AFTER UPDATE OF workflow_id ON issue_types FOR EACH ROW
    WHEN (OLD.workflow_id <> NEW.workflow_id) EXECUTE FUNCTION nexus.keep_statuses_of_type();
SELECT nexus.protect_catalog('issue_types');
SELECT nexus.reference_catalog('issue_types', 'workflow_id', 'issue_workflows');
SELECT nexus.reference_catalog('issue_types', 'screen_id', 'issue_screens');
SELECT nexus.make_sortable('issue_types', 'name', 'key');
SELECT nexus.make_searchable('issue_types', 'name', 'key', 'description');

CREATE TABLE issue_link_types (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    outward text NOT NULL,
    inward text NOT NULL
);
CREATE UNIQUE INDEX uq_issue_link_types_name ON issue_link_types (tenant_id, nexus.fold_unique(name));
SELECT nexus.protect_catalog('issue_link_types');
SELECT nexus.make_sortable('issue_link_types', 'name');
SELECT nexus.make_searchable('issue_link_types', 'name', 'outward', 'inward');

-- Issues ----------------------------------------------------------------------------------------

-- The last number that a tenant's issues have of each key: never taken back, and projects that have a
-- key one after the other, or a tenant's own and a shared one, count on.
CREATE TABLE issue_counters (
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_issue_counters_tenant_id REFERENCES tenants ON DELETE CASCADE,
    project_key text COLLATE "C" NOT NULL,
    last_number integer NOT NULL,
    CONSTRAINT pk_issue_counters PRIMARY KEY (tenant_id, project_key)
);
ALTER TABLE issue_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE issue_counters FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON issue_counters TO nexus_owner USING (true);

-- kind is the type's, category the status's: a trigger keeps them, so that one index finds by each.
-- number and key are the trigger's too. fields: values by the id of their field.
CREATE TABLE issues (
    LIKE nexus.tenant_record INCLUDING ALL,
    project_id text COLLATE "C",
    number integer,
    key text COLLATE "C",
    previous_keys text[] NOT NULL DEFAULT '{}',
    issue_type_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    title text NOT NULL,
    description text,
    priority_id text COLLATE "C" NOT NULL,
    status_id text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    reporter_id text COLLATE "C" NOT NULL CONSTRAINT fk_issues_reporter_id REFERENCES users,
    assignee_id text COLLATE "C" CONSTRAINT fk_issues_assignee_id REFERENCES users,
    fields jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT ck_issues_fields CHECK (jsonb_typeof(fields) = 'object')
        CONSTRAINT ck_issues_fields_size CHECK (octet_length(fields::text) <= 65536),
    closed_at timestamptz,
    due_at timestamptz,
    archived_at timestamptz,
    CONSTRAINT ck_issues_number CHECK (num_nulls(project_id, number, key) IN (0, 3))
);
CREATE UNIQUE INDEX uq_issues_key ON issues (tenant_id, key);
CREATE INDEX ix_issues_number ON issues (tenant_id, number, id);
CREATE INDEX ix_issues_project_id ON issues (project_id, tenant_id, id);
CREATE INDEX ix_issues_issue_type_id ON issues (issue_type_id, tenant_id, id);
CREATE INDEX ix_issues_priority_id ON issues (priority_id, tenant_id, id);
CREATE INDEX ix_issues_status_id ON issues (status_id, tenant_id, id);
CREATE INDEX ix_issues_reporter_id ON issues (reporter_id, tenant_id, id);
CREATE INDEX ix_issues_assignee_id ON issues (assignee_id, tenant_id, id);
-- Whose open ones are the newest of many.
CREATE INDEX ix_issues_assignee_category ON issues (assignee_id, tenant_id, category, id);
CREATE INDEX ix_issues_kind ON issues (tenant_id, kind, id);
CREATE INDEX ix_issues_category ON issues (tenant_id, category, id);
CREATE INDEX ix_issues_category_due_at ON issues (tenant_id, category, due_at, id);
CREATE INDEX ix_issues_closed_at ON issues (tenant_id, closed_at, id);
CREATE INDEX ix_issues_due_at ON issues (tenant_id, due_at, id);
-- What is in default lists: counted, looked through for what lacks a value or was due or changed at some time,
-- without a look at the issues themselves.
CREATE INDEX ix_issues_current ON issues (tenant_id, id) INCLUDE (updated_at, closed_at, due_at)
    WHERE archived_at IS NULL;
CREATE INDEX ix_issues_archived ON issues (tenant_id, id) WHERE archived_at IS NOT NULL;

-- What is of one tenant only, so that the planner does not take it for as many times rarer as there are tenants.
CREATE STATISTICS st_issues_project_id (dependencies) ON project_id, tenant_id FROM issues;
CREATE STATISTICS st_issues_assignee_id (dependencies) ON assignee_id, tenant_id FROM issues;
CREATE STATISTICS st_issues_reporter_id (dependencies) ON reporter_id, tenant_id FROM issues;

-- Each key that an issue has or had.
CREATE TABLE issue_keys (
    tenant_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    issue_id text COLLATE "C" NOT NULL,
    CONSTRAINT pk_issue_keys PRIMARY KEY (tenant_id, key),
    CONSTRAINT fk_issue_keys_issue_id FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_issue_keys_issue_id ON issue_keys (tenant_id, issue_id);

-- What issues.fields holds, as indexes serve it: a row for each value, several of a field with many.
-- A trigger keeps it.
CREATE TABLE issue_values (
    tenant_id text COLLATE "C" NOT NULL,
    issue_id text COLLATE "C" NOT NULL,
    field_id text COLLATE "C" NOT NULL,
    place integer NOT NULL,
    text_value text COLLATE "C",
    value_sort text COLLATE "C",
    number_value double precision,
    date_value date,
    moment_value timestamptz,
    -- What a value names: it is not deleted meanwhile.
    user_id text COLLATE "C" CONSTRAINT fk_issue_values_user_id REFERENCES users,
    person_id text COLLATE "C",
    location_id text COLLATE "C",
    search text,
    CONSTRAINT pk_issue_values PRIMARY KEY (tenant_id, issue_id, field_id, place),
    CONSTRAINT fk_issue_values_issue_id FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_issue_values_person_id FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    CONSTRAINT fk_issue_values_location_id FOREIGN KEY (tenant_id, location_id) REFERENCES locations (tenant_id, id)
);
CREATE INDEX ix_issue_values_user_id ON issue_values (user_id, tenant_id) WHERE user_id IS NOT NULL;
CREATE INDEX ix_issue_values_person_id ON issue_values (tenant_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX ix_issue_values_location_id ON issue_values (tenant_id, location_id) WHERE location_id IS NOT NULL;
-- Unique, so that a filter by one value is a join, which comes in the order of the issues.
CREATE UNIQUE INDEX uq_issue_values_text_value ON issue_values (field_id, tenant_id, text_value, issue_id)
    WHERE text_value IS NOT NULL;
CREATE INDEX ix_issue_values_value_sort ON issue_values (field_id, tenant_id, value_sort, issue_id)
    WHERE value_sort IS NOT NULL;
CREATE INDEX ix_issue_values_number_value ON issue_values (field_id, tenant_id, number_value, issue_id)
    WHERE number_value IS NOT NULL;
CREATE INDEX ix_issue_values_date_value ON issue_values (field_id, tenant_id, date_value, issue_id)
    WHERE date_value IS NOT NULL;
CREATE INDEX ix_issue_values_moment_value ON issue_values (field_id, tenant_id, moment_value, issue_id)
    WHERE moment_value IS NOT NULL;
-- With the place, so that it alone tells who has no value.
CREATE INDEX ix_issue_values_field_id ON issue_values (field_id, tenant_id, issue_id, place);
SELECT nexus.reference_catalog('issue_values', 'field_id', 'issue_fields');
COMMENT ON TABLE issue_values IS 'held by issues, each issue_id';
-- A field of a tenant has values of that tenant alone: else the planner takes them for as many times rarer as
-- there are tenants.
CREATE STATISTICS st_issue_values_field_id (dependencies) ON field_id, tenant_id FROM issue_values;

CREATE TABLE comments (
    LIKE nexus.tenant_record INCLUDING ALL,
    issue_id text COLLATE "C" NOT NULL,
    author_id text COLLATE "C" NOT NULL CONSTRAINT fk_comments_author_id REFERENCES users,
    body text NOT NULL,
    edited_at timestamptz,
    CONSTRAINT fk_comments_issue_id FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_comments_issue_id ON comments (tenant_id, issue_id, id);
CREATE INDEX ix_comments_author_id ON comments (author_id, tenant_id, id);

-- checked_at: when the store was last asked whether the object is there.
CREATE TABLE attachments (
    LIKE nexus.tenant_record INCLUDING ALL,
    issue_id text COLLATE "C" NOT NULL,
    filename text NOT NULL,
    content_type text NOT NULL,
    size bigint NOT NULL CONSTRAINT ck_attachments_size CHECK (size > 0),
    sha256 text,
    uploader_id text COLLATE "C" NOT NULL CONSTRAINT fk_attachments_uploader_id REFERENCES users,
    uploaded_at timestamptz,
    checked_at timestamptz,
    CONSTRAINT fk_attachments_issue_id FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_attachments_issue_id ON attachments (tenant_id, issue_id, id);
CREATE INDEX ix_attachments_uploader_id ON attachments (uploader_id, tenant_id, id);

-- From source to target the type's outward wording holds, the other way its inward. A mirror is the same.
CREATE TABLE links (
    LIKE nexus.tenant_record INCLUDING ALL,
    link_type_id text COLLATE "C" NOT NULL,
    source_id text COLLATE "C" NOT NULL,
    target_id text COLLATE "C" NOT NULL,
    CONSTRAINT ck_links_ends CHECK (source_id <> target_id),
    CONSTRAINT fk_links_source_id FOREIGN KEY (tenant_id, source_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_links_target_id FOREIGN KEY (tenant_id, target_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_links_ends
    ON links (tenant_id, link_type_id, least(source_id, target_id), greatest(source_id, target_id));
CREATE INDEX ix_links_source_id ON links (tenant_id, source_id, id);
CREATE INDEX ix_links_target_id ON links (tenant_id, target_id, id);
CREATE INDEX ix_links_link_type_id ON links (link_type_id, tenant_id, id);

CREATE TABLE watchers (
    LIKE nexus.tenant_record INCLUDING ALL,
    issue_id text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL CONSTRAINT fk_watchers_user_id REFERENCES users ON DELETE CASCADE,
    CONSTRAINT uq_watchers_user_id UNIQUE (tenant_id, user_id, issue_id),
    CONSTRAINT fk_watchers_issue_id FOREIGN KEY (tenant_id, issue_id)
        REFERENCES issues (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_watchers_issue_id ON watchers (tenant_id, issue_id, id);
CREATE INDEX ix_watchers_user_id ON watchers (user_id);

-- Before (by name) the version is counted.
CREATE TRIGGER prepare BEFORE INSERT OR UPDATE OF project_id, issue_type_id, status_id ON issues
    FOR EACH ROW WHEN (NEW.issue_type_id IS NOT NULL) EXECUTE FUNCTION nexus.prepare_issue();
CREATE TRIGGER ck_issues_assignee_id AFTER INSERT OR UPDATE OF assignee_id ON issues
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL) EXECUTE FUNCTION nexus.check_assignee();

SELECT nexus.protect('issues', derived => 'number,previous_keys,kind,category', subjects => 'id');
SELECT nexus.reference_catalog('issues', 'project_id', 'projects');
SELECT nexus.reference_catalog('issues', 'issue_type_id', 'issue_types');
SELECT nexus.reference_catalog('issues', 'priority_id', 'issue_priorities');
SELECT nexus.reference_catalog('issues', 'status_id', 'issue_statuses');
SELECT nexus.make_sortable('issues', 'title');
SELECT nexus.make_searchable('issues', 'title', 'description', 'key');
-- As many as other columns have, for as many issues are sampled anyway: of the ten most frequent letters the
-- planner does not learn that a word is in half of the issues, and finds them all for a page.
ALTER INDEX ix_issues_search ALTER COLUMN 1 SET STATISTICS 100;
SELECT nexus.protect('comments', subjects => 'issue_id');
SELECT nexus.protect('attachments', uncounted => 'checked_at', derived => 'uploaded_at', subjects => 'issue_id');
SELECT nexus.protect('links', subjects => 'source_id,target_id');
SELECT nexus.reference_catalog('links', 'link_type_id', 'issue_link_types');
SELECT nexus.protect('watchers', subjects => 'issue_id');

SELECT nexus.protect_derived('issue_keys');
SELECT nexus.protect_derived('issue_values');
SELECT nexus.index_search('issue_values');

-- After the event of the issue itself: what follows happened later.
CREATE TRIGGER follow_key AFTER INSERT OR UPDATE OF project_id ON issues
    FOR EACH ROW WHEN (NEW.key IS NOT NULL) EXECUTE FUNCTION nexus.keep_issue_key();
CREATE TRIGGER follow_fields AFTER INSERT OR UPDATE OF fields ON issues
    FOR EACH ROW EXECUTE FUNCTION nexus.index_issue_values();
CREATE TRIGGER follow_people AFTER INSERT OR UPDATE OF assignee_id ON issues
    FOR EACH ROW EXECUTE FUNCTION nexus.watch_issue();

CREATE VIEW nexus.issue_history WITH (security_invoker = true) AS
SELECT left(e.id, 24) || nexus.base32(c.place) AS id, s.tenant_id, s.subject_id AS issue_id, e.actor_id,
       e.occurred_at, c.field, c.old, c.new
FROM audit_subjects s
JOIN issues i ON i.tenant_id = s.tenant_id AND i.id = s.subject_id  -- none of one that was removed
JOIN audit_events e ON e.id = s.event_id
CROSS JOIN LATERAL nexus.issue_changes(e.resource, e.changes, s.subject_id) c
WHERE e.resource = 'links' OR (e.resource = 'issues' AND e.action = 'update');
GRANT SELECT ON nexus.issue_history TO nexus_app;

CREATE VIEW nexus.issue_activity WITH (security_invoker = true) AS
SELECT e.id, s.tenant_id, s.subject_id AS issue_id, e.actor_id, e.occurred_at,
       nexus.activity_kind(e.resource, e.action, e.changes) AS kind,
       nexus.activity_detail(e.resource, e.action, e.record_id, e.changes, s.subject_id) AS detail
FROM audit_subjects s
JOIN issues i ON i.tenant_id = s.tenant_id AND i.id = s.subject_id
JOIN audit_events e ON e.id = s.event_id;
GRANT SELECT ON nexus.issue_activity TO nexus_app;
