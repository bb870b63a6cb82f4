-- What all tenants share: types of assets to begin with, each below the one that it names.
INSERT INTO asset_types (id, tenant_id, name)
SELECT nexus.ulid(), nexus.root_tenant_id(), name
FROM unnest(ARRAY[
    'Computer', 'Display', 'Phone', 'Printer', 'Peripheral', 'Network', 'Server and storage', 'Audio and video',
    'Furniture', 'Vehicle'
]) AS name;

INSERT INTO asset_types (id, tenant_id, name, parent_id)
SELECT nexus.ulid(), above.tenant_id, below.name, above.id
FROM (VALUES
    ('Computer', ARRAY['Laptop', 'Desktop', 'Tablet', 'Chromebook', 'Thin client']),
    ('Display', ARRAY['Monitor', 'Projector', 'Interactive panel']),
    ('Phone', ARRAY['Desk phone', 'Mobile phone']),
    ('Printer', ARRAY['Laser printer', 'Multifunction printer', 'Label printer', '3D printer']),
    ('Peripheral', ARRAY['Charger', 'Keyboard', 'Mouse', 'Headset', 'Webcam', 'Docking station', 'Scanner',
                         'Card reader', 'Adapter', 'Cable']),
    ('Network', ARRAY['Switch', 'Access point', 'Router', 'Firewall']),
    ('Server and storage', ARRAY['Server', 'Storage', 'Uninterruptible power supply']),
    ('Audio and video', ARRAY['Camera', 'Microphone', 'Loudspeaker', 'Document camera']),
    ('Furniture', ARRAY['Desk', 'Chair', 'Cabinet', 'Charging cart'])
) AS t (kind, names)
CROSS JOIN unnest(names) AS below (name)
JOIN asset_types above ON above.name = kind;
