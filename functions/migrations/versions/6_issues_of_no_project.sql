-- One by one, in the order of the issues: so are their numbers.
DO $$
DECLARE
    lost record;
BEGIN
    FOR lost IN
        SELECT i.id, p.id AS home FROM issues i
        JOIN projects p ON p.tenant_id = nexus.root_tenant_id() AND p.archived_at IS NULL
            AND p.key = CASE i.kind WHEN 'repair' THEN 'MS' ELSE 'TS' END
        WHERE i.project_id IS NULL ORDER BY i.id
    LOOP
        UPDATE issues SET project_id = lost.home WHERE id = lost.id;
    END LOOP;
END $$;
