-- Jobs see a tenant's rows when they are in it, and of each table what they need.
GRANT SELECT (id, settings, archived_at) ON tenants TO nexus_housekeeping;
CREATE POLICY housekeeping ON tenants FOR SELECT TO nexus_housekeeping USING (true);
DO $$
DECLARE
    relation text;
BEGIN
    FOREACH relation IN ARRAY ARRAY[
        'asset_assignments', 'asset_circulations', 'asset_repairs', 'assets', 'attachments', 'configuration_items',
        'groups', 'identities', 'issues', 'persons', 'projects', 'school_employment_assignments',
        'school_employments', 'school_years', 'schools'
    ] LOOP
        EXECUTE format('CREATE POLICY housekeeping ON %I TO nexus_housekeeping'
                       ' USING (tenant_id = nexus.tenant_id())', relation);
    END LOOP;
    -- What was archived is deleted in the end.
    FOREACH relation IN ARRAY ARRAY[
        'assets', 'configuration_items', 'groups', 'identities', 'issues', 'persons', 'projects', 'school_years',
        'schools'
    ] LOOP
        EXECUTE format('GRANT SELECT (id, tenant_id, archived_at), DELETE ON %I TO nexus_housekeeping', relation);
        EXECUTE format('CREATE INDEX ix_%1$s_archived_at ON %1$I (tenant_id, archived_at, id)'
                       ' WHERE archived_at IS NOT NULL', relation);
    END LOOP;
END $$;
GRANT SELECT (id, tenant_id, issue_id), DELETE ON asset_repairs TO nexus_housekeeping;

-- Custody and work whose planned end is over. To be held a row has to have a column that may be written.
GRANT SELECT (status, tracking_type, quantity, quantity_available), UPDATE (updated_at) ON assets TO nexus_housekeeping;
GRANT SELECT, UPDATE (closed_at, end_date, ended_at, closed_by_id) ON asset_assignments TO nexus_housekeeping;
GRANT INSERT ON asset_circulations TO nexus_housekeeping;
CREATE INDEX ix_asset_assignments_planned_end ON asset_assignments (tenant_id, end_date)
    WHERE closed_at IS NULL AND end_date IS NOT NULL;
GRANT SELECT (id, tenant_id, status, hire_date), UPDATE (updated_at) ON school_employments TO nexus_housekeeping;
GRANT SELECT, UPDATE (status, end_date, ended_at) ON school_employment_assignments TO nexus_housekeeping;
CREATE INDEX ix_school_employment_assignments_planned_end ON school_employment_assignments (tenant_id, end_date)
    WHERE status <> 'ended' AND end_date IS NOT NULL;

GRANT SELECT, UPDATE (is_current) ON school_years TO nexus_housekeeping;
GRANT SELECT (closed_at), UPDATE (archived_at) ON issues TO nexus_housekeeping;

GRANT SELECT (id, tenant_id, issue_id, size, uploaded_at, created_at), UPDATE (uploaded_at, checked_at), DELETE
    ON attachments TO nexus_housekeeping;
CREATE INDEX ix_attachments_waiting ON attachments (tenant_id, id) WHERE uploaded_at IS NULL;

-- Where a job goes on that did not come to an end.
CREATE TABLE job_positions (
    job text CONSTRAINT pk_job_positions PRIMARY KEY,
    position text NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON job_positions TO nexus_housekeeping;

-- A year's enrollments are of other states than all others: without it the planner takes what is rare in a
-- year for frequent, and walks the year for it.
CREATE STATISTICS st_school_enrollments_status_in_year (mcv) ON tenant_id, school_year_id, status
    FROM school_enrollments;
ALTER STATISTICS st_school_enrollments_status_in_year SET STATISTICS 300;

-- What follows of custody follows once for all that a statement changes: a stock's ten thousand spans end in one.
DROP TRIGGER follow_custody ON asset_assignments;
CREATE TRIGGER follow_new_custody AFTER INSERT ON asset_assignments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION nexus.follow_assignment();
CREATE TRIGGER follow_custody AFTER UPDATE ON asset_assignments REFERENCING OLD TABLE AS former NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION nexus.follow_assignment();

-- Of what is archived none is in lists: an index of the rest needs not look through it.
CREATE INDEX ix_assets_status_current ON assets (tenant_id, status, id) WHERE archived_at IS NULL;
