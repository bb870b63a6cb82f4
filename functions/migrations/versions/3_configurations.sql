-- asset_id gets its foreign key with the table of assets; until then nothing can be named by it.
-- A list of 50 items is one answer: what is stored of attributes is bounded, however it was written.
CREATE TABLE configuration_items (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    ci_type text,
    description text,
    asset_id text COLLATE "C",
    attributes jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT ck_configuration_items_attributes CHECK (jsonb_typeof(attributes) = 'object')
        CONSTRAINT ck_configuration_items_attributes_size CHECK (octet_length(attributes::text) <= 65536),
    archived_at timestamptz
);
CREATE UNIQUE INDEX uq_configuration_items_name
    ON configuration_items (tenant_id, nexus.fold_unique(name), nexus.fold_unique(ci_type)) NULLS NOT DISTINCT
    WHERE archived_at IS NULL;
CREATE INDEX ix_configuration_items_asset_id ON configuration_items (tenant_id, asset_id, id);
SELECT nexus.protect('configuration_items');
SELECT nexus.make_sortable('configuration_items', 'name', 'ci_type');
SELECT nexus.make_searchable('configuration_items', 'name', 'ci_type', 'description');

-- The source stands on the target.
CREATE TABLE relationships (
    LIKE nexus.tenant_record INCLUDING ALL,
    source_id text COLLATE "C" NOT NULL,
    target_id text COLLATE "C" NOT NULL,
    relationship_type text NOT NULL,
    CONSTRAINT uq_relationships_ends UNIQUE (tenant_id, source_id, target_id, relationship_type),
    CONSTRAINT ck_relationships_ends CHECK (source_id <> target_id),
    CONSTRAINT fk_relationships_source_id FOREIGN KEY (tenant_id, source_id)
        REFERENCES configuration_items (tenant_id, id),
    CONSTRAINT fk_relationships_target_id FOREIGN KEY (tenant_id, target_id)
        REFERENCES configuration_items (tenant_id, id)
);
-- Each holds the other end too: a walk reads the index alone.
CREATE INDEX ix_relationships_source_id ON relationships (tenant_id, source_id, id) INCLUDE (target_id);
CREATE INDEX ix_relationships_target_id ON relationships (tenant_id, target_id, id) INCLUDE (source_id);
SELECT nexus.protect('relationships');
