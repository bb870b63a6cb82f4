-- What all tenants share: a kind of issue each with a workflow that can be used as it is.
INSERT INTO issue_priorities (id, tenant_id, name, rank, is_default)
SELECT nexus.ulid(), nexus.root_tenant_id(), name, rank, name = 'Medium'
FROM (VALUES ('Critical', 10), ('High', 20), ('Medium', 30), ('Low', 40)) AS p (name, rank);

INSERT INTO issue_statuses (id, tenant_id, name, category)
SELECT nexus.ulid(), nexus.root_tenant_id(), name, category
FROM (VALUES
    ('Open', 'open'), ('Draft', 'open'),
    ('In progress', 'in_progress'), ('Waiting', 'in_progress'), ('Under investigation', 'in_progress'),
    ('Known error', 'in_progress'), ('Under review', 'in_progress'), ('Awaiting approval', 'in_progress'),
    ('Approved', 'in_progress'),
    ('Resolved', 'done'), ('Closed', 'done'), ('Rejected', 'done'), ('Cancelled', 'done')
) AS s (name, category);

INSERT INTO issue_link_types (id, tenant_id, name, outward, inward)
SELECT nexus.ulid(), nexus.root_tenant_id(), name, outward, inward
FROM (VALUES
    ('Relates', 'relates to', 'relates to'), ('Blocks', 'blocks', 'is blocked by'),
    ('Duplicates', 'duplicates', 'is duplicated by'), ('Causes', 'causes', 'is caused by'),
    ('Resolves', 'resolves', 'is resolved by')
) AS t (name, outward, inward);

INSERT INTO issue_fields (id, tenant_id, key, name, type, choices)
SELECT nexus.ulid(), nexus.root_tenant_id(), key, name, type, choices
FROM (VALUES
    ('resolution', 'Resolution', 'choice',
     ARRAY['Fixed', 'Workaround', 'Answered', 'Duplicate', 'Not reproducible', 'Declined']),
    ('root_cause', 'Root cause', 'text', NULL),
    ('workaround', 'Workaround', 'text', NULL),
    ('risk', 'Risk', 'choice', ARRAY['Low', 'Medium', 'High']),
    ('planned_start', 'Planned start', 'datetime', NULL),
    ('rollback_plan', 'Rollback plan', 'text', NULL)
) AS f (key, name, type, choices);

INSERT INTO issue_screens (id, tenant_id, name)
SELECT nexus.ulid(), nexus.root_tenant_id(), name
FROM unnest(ARRAY['Resolution', 'Known error', 'Review', 'Approval']) AS name;

INSERT INTO issue_screen_fields (id, tenant_id, screen_id, field_id, position, is_required)
SELECT nexus.ulid(), s.tenant_id, s.id, f.id, place, has_to_come
FROM (VALUES
    ('Resolution', 'resolution', 0, false), ('Resolution', 'root_cause', 1, false),
    ('Known error', 'root_cause', 0, true), ('Known error', 'workaround', 1, false),
    ('Review', 'root_cause', 0, true),
    ('Approval', 'risk', 0, true), ('Approval', 'planned_start', 1, false), ('Approval', 'rollback_plan', 2, false)
) AS shown (screen, field, place, has_to_come)
JOIN issue_screens s ON s.name = screen
JOIN issue_fields f ON f.key = field;

INSERT INTO issue_workflows (id, tenant_id, name, description)
SELECT nexus.ulid(), nexus.root_tenant_id(), name, description
FROM (VALUES
    ('Service request', 'Somebody needs something: it is provided, or the wish is cancelled.'),
    ('Known problem', 'What causes incidents is looked for, known, and removed.'),
    ('Incident', 'Something is broken: it works again, and whoever reported it agrees.'),
    ('Post-incident analysis', 'What was learnt is written down, and reviewed before it is closed.'),
    ('Change', 'What is to change is approved before it is done, and reviewed after.'),
    ('Repair', 'A thing is repaired, or it is not worth it.')
) AS w (name, description);

-- Their order is that of their lines: the first is initial.
INSERT INTO issue_workflow_statuses (id, tenant_id, workflow_id, status_id, is_initial, position)
SELECT nexus.ulid(), w.tenant_id, w.id, s.id, place = 1, place - 1
FROM (VALUES
    ('Service request', ARRAY['Open', 'In progress', 'Waiting', 'Resolved', 'Closed', 'Cancelled']),
    ('Known problem', ARRAY['Open', 'Under investigation', 'Known error', 'Resolved', 'Closed']),
    ('Incident', ARRAY['Open', 'In progress', 'Waiting', 'Resolved', 'Closed']),
    ('Post-incident analysis', ARRAY['Open', 'In progress', 'Under review', 'Closed']),
    ('Change', ARRAY['Draft', 'Awaiting approval', 'Approved', 'In progress', 'Under review', 'Closed', 'Rejected',
                     'Cancelled']),
    ('Repair', ARRAY['Open', 'In progress', 'Waiting', 'Resolved', 'Closed', 'Cancelled'])
) AS has (workflow, statuses)
CROSS JOIN LATERAL unnest(statuses) WITH ORDINALITY AS status (name, place)
JOIN issue_workflows w ON w.name = workflow
JOIN issue_statuses s ON s.name = status.name;

INSERT INTO issue_workflow_transitions
    (id, tenant_id, workflow_id, name, from_status_id, to_status_id, screen_id, requires_comment)
SELECT nexus.ulid(), w.tenant_id, w.id, leads.name, f.id, t.id, s.id, needs_comment
FROM (VALUES
    ('Service request', 'Start', 'Open', 'In progress', NULL, false),
    ('Service request', 'Wait', 'In progress', 'Waiting', NULL, false),
    ('Service request', 'Resume', 'Waiting', 'In progress', NULL, false),
    ('Service request', 'Resolve', 'In progress', 'Resolved', 'Resolution', false),
    ('Service request', 'Continue', 'Resolved', 'In progress', NULL, false),
    ('Service request', 'Close', 'Resolved', 'Closed', NULL, false),
    ('Service request', 'Cancel', 'Open', 'Cancelled', NULL, true),
    ('Service request', 'Reopen', 'Closed', 'Open', NULL, false),
    ('Service request', 'Take up again', 'Cancelled', 'Open', NULL, false),
    ('Known problem', 'Investigate', 'Open', 'Under investigation', NULL, false),
    ('Known problem', 'Document', 'Under investigation', 'Known error', 'Known error', false),
    ('Known problem', 'Resolve', 'Under investigation', 'Resolved', 'Resolution', false),
    ('Known problem', 'Remove', 'Known error', 'Resolved', 'Resolution', false),
    ('Known problem', 'Continue', 'Resolved', 'Under investigation', NULL, false),
    ('Known problem', 'Close', 'Resolved', 'Closed', NULL, false),
    ('Known problem', 'Reopen', 'Closed', 'Open', NULL, false),
    ('Incident', 'Start', 'Open', 'In progress', NULL, false),
    ('Incident', 'Wait', 'In progress', 'Waiting', NULL, false),
    ('Incident', 'Resume', 'Waiting', 'In progress', NULL, false),
    ('Incident', 'Resolve', 'In progress', 'Resolved', 'Resolution', false),
    ('Incident', 'Continue', 'Resolved', 'In progress', NULL, false),
    ('Incident', 'Close', 'Resolved', 'Closed', NULL, false),
    ('Incident', 'Reopen', 'Closed', 'Open', NULL, false),
    ('Post-incident analysis', 'Start', 'Open', 'In progress', NULL, false),
    ('Post-incident analysis', 'Submit for review', 'In progress', 'Under review', 'Review', false),
    ('Post-incident analysis', 'Send back', 'Under review', 'In progress', NULL, true),
    ('Post-incident analysis', 'Accept', 'Under review', 'Closed', NULL, false),
    ('Post-incident analysis', 'Reopen', 'Closed', 'Open', NULL, false),
    ('Change', 'Submit for approval', 'Draft', 'Awaiting approval', 'Approval', false),
    ('Change', 'Approve', 'Awaiting approval', 'Approved', NULL, false),
    ('Change', 'Send back', 'Awaiting approval', 'Draft', NULL, true),
    ('Change', 'Reject', 'Awaiting approval', 'Rejected', NULL, true),
    ('Change', 'Cancel', 'Draft', 'Cancelled', NULL, true),
    ('Change', 'Start', 'Approved', 'In progress', NULL, false),
    ('Change', 'Review', 'In progress', 'Under review', NULL, false),
    ('Change', 'Continue', 'Under review', 'In progress', NULL, false),
    ('Change', 'Close', 'Under review', 'Closed', NULL, false),
    ('Change', 'Reopen', 'Closed', 'Draft', NULL, false),
    ('Change', 'Revise', 'Rejected', 'Draft', NULL, false),
    ('Change', 'Take up again', 'Cancelled', 'Draft', NULL, false),
    ('Repair', 'Start', 'Open', 'In progress', NULL, false),
    ('Repair', 'Wait', 'In progress', 'Waiting', NULL, false),
    ('Repair', 'Resume', 'Waiting', 'In progress', NULL, false),
    ('Repair', 'Resolve', 'In progress', 'Resolved', 'Resolution', false),
    ('Repair', 'Continue', 'Resolved', 'In progress', NULL, false),
    ('Repair', 'Close', 'Resolved', 'Closed', NULL, false),
    ('Repair', 'Cancel', 'Open', 'Cancelled', NULL, true),
    ('Repair', 'Reopen', 'Closed', 'Open', NULL, false),
    ('Repair', 'Take up again', 'Cancelled', 'Open', NULL, false)
) AS leads (workflow, name, from_status, to_status, screen, needs_comment)
JOIN issue_workflows w ON w.name = workflow
JOIN issue_statuses f ON f.name = from_status
JOIN issue_statuses t ON t.name = to_status
LEFT JOIN issue_screens s ON s.name = screen;

INSERT INTO issue_types (id, tenant_id, name, key, kind, workflow_id, description)
SELECT nexus.ulid(), w.tenant_id, w.name, key, key, w.id, t.description
FROM (VALUES
    ('Service request', 'service_request', 'Access, equipment, information: what somebody needs.'),
    ('Known problem', 'known_problem', 'The cause of incidents, known or looked for.'),
    ('Incident', 'incident', 'Something does not work as it should.'),
    ('Post-incident analysis', 'post_incident_analysis', 'Why it happened, and what keeps it from happening again.'),
    ('Change', 'change', 'Something is to be different, on purpose.'),
    ('Repair', 'repair', 'A thing that is broken is mended.')
) AS t (name, key, description)
JOIN issue_workflows w ON w.name = t.name;
