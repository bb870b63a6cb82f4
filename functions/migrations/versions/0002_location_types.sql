CREATE TABLE location_types (
    id text COLLATE "C" CONSTRAINT pk_location_types PRIMARY KEY,
    tenant_id text COLLATE "C" NOT NULL CONSTRAINT fk_location_types_tenant_id REFERENCES tenants,
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT uq_location_types_tenant_id UNIQUE (tenant_id, id)
);
CREATE UNIQUE INDEX uq_location_types_name ON location_types (tenant_id, lower(name));
CREATE INDEX ix_location_types_name ON location_types (tenant_id, name, id);
SELECT nexus.protect_catalog('location_types');
SELECT nexus.make_searchable('location_types', 'name');
INSERT INTO location_types (id, tenant_id, name)
SELECT nexus.ulid(), nexus.root_tenant_id(), name
FROM unnest(ARRAY['Site', 'Building', 'Floor', 'Room', 'Storage', 'Vehicle']) AS name;
