-- Those with values of the same fields by their ids: of a field that nearly all have, what lacks it is found without
-- a look at the others. It reads the fields of each issue, which takes longer than most indexes.
SET LOCAL statement_timeout = '5min';
CREATE INDEX ix_issues_field_set ON issues (tenant_id, nexus.field_set(fields, archived_at), id);
-- Few are archived, and the open ones among them are the last.
CREATE INDEX ix_issues_archived_category ON issues (tenant_id, category, id) WHERE archived_at IS NOT NULL;
-- Whose open ones are the newest of many.
CREATE INDEX ix_issues_priority_category ON issues (priority_id, tenant_id, category, id);
