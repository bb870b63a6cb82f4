-- In the order of the issues, so that their numbers are.
UPDATE issues SET project_id = homes.project_id
FROM (
    SELECT i.id, p.id AS project_id
    FROM issues i
    JOIN projects p ON p.tenant_id = nexus.root_tenant_id() AND p.archived_at IS NULL
        AND p.key = CASE i.kind WHEN 'repair' THEN 'MS' ELSE 'TS' END
    WHERE i.project_id IS NULL
    ORDER BY i.id
) AS homes
WHERE issues.id = homes.id;
