-- Those that are alike by their ids: of a field that nearly all have, what lacks it is found without a look at all.
CREATE INDEX ix_issues_field_set ON issues (tenant_id, nexus.field_set(fields, archived_at), id);
