-- The root tenant, its groups, the shared projects.
INSERT INTO tenants (id, name, slug, description)
VALUES (nexus.root_tenant_id(), 'Shared', 'shared', 'Catalog records that every tenant sees');
INSERT INTO groups (id, tenant_id, name, kind) VALUES
    (nexus.ulid(), nexus.root_tenant_id(), 'administrators', 'administrators'),
    (nexus.ulid(), nexus.root_tenant_id(), 'users', 'users');
INSERT INTO projects (id, tenant_id, name, key) VALUES
    (nexus.ulid(), nexus.root_tenant_id(), 'Technology Service', 'TS'),
    (nexus.ulid(), nexus.root_tenant_id(), 'Maintenance Service', 'MS');
