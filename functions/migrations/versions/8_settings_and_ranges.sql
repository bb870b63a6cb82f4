-- A role's settings are its administrator's to change: as in the first revision, the master user's. In this
-- database alone: those for all of them belong to the whole cluster, and two migrations at once would clash.
SET LOCAL ROLE NONE;
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['nexus_app', 'nexus_housekeeping'] LOOP
        -- The path of functions with their owner's rights: where it differs, PostgreSQL plans anew at each
        -- change what both run.
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET search_path = pg_catalog, public, pg_temp',
            role, current_database());
        -- As much as the places of half a million rows take that a word is in: where they do not fit, each row
        -- of a page is looked at again, and all its letters are made.
        EXECUTE format('ALTER ROLE %I IN DATABASE %I SET work_mem = %L', role, current_database(), '32MB');
    END LOOP;
END $$;
SET LOCAL ROLE nexus_owner;

-- Spans of custody are closed, never removed.
REVOKE DELETE ON asset_assignments FROM nexus_app;

-- Those to search in, again.
SELECT nexus.make_search_view(format('public.%I', viewname)::regclass)
FROM pg_views WHERE schemaname = 'search' AND viewname NOT IN ('repaired_issues', 'asset_repairs');

-- Ranges are looked for in their own index where that is less than all, without a look at the records. Some of
-- these indexes came with the tables' pattern. They are exchanged at the end: until then all are read as ever.
CREATE INDEX ix_issues_updated_at_anew ON issues (tenant_id, updated_at, id) INCLUDE (archived_at);
CREATE INDEX ix_issues_closed_at_anew ON issues (tenant_id, closed_at, id) INCLUDE (archived_at);
CREATE INDEX ix_issues_due_at_anew ON issues (tenant_id, due_at, id) INCLUDE (archived_at);
CREATE INDEX ix_assets_updated_at_anew ON assets (tenant_id, updated_at, id) INCLUDE (archived_at);
CREATE INDEX ix_assets_purchased_on_anew ON assets (tenant_id, purchased_on, id) INCLUDE (archived_at);
CREATE INDEX ix_assets_warranty_until_anew ON assets (tenant_id, warranty_until, id) INCLUDE (archived_at);
DROP INDEX ix_issues_updated_at, ix_issues_closed_at, ix_issues_due_at,
    ix_assets_updated_at, ix_assets_purchased_on, ix_assets_warranty_until;
ALTER INDEX ix_issues_updated_at_anew RENAME TO ix_issues_updated_at;
ALTER INDEX ix_issues_closed_at_anew RENAME TO ix_issues_closed_at;
ALTER INDEX ix_issues_due_at_anew RENAME TO ix_issues_due_at;
ALTER INDEX ix_assets_updated_at_anew RENAME TO ix_assets_updated_at;
ALTER INDEX ix_assets_purchased_on_anew RENAME TO ix_assets_purchased_on;
ALTER INDEX ix_assets_warranty_until_anew RENAME TO ix_assets_warranty_until;
