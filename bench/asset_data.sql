-- What bench.asset_data fills in: names in braces are its own. No trigger runs, so what they keep is here too.
-- An id is the ten digits of a day, a kind, and a number, so that all follow from a row's number.
CREATE TEMPORARY TABLE days AS
SELECT d AS day, left(pg_temp.ulid({base} + d * 86400000::bigint, '', 0), 10) AS digits,
       to_timestamp({base} / 1000) + d * interval '1 day' AS at, (to_timestamp({base} / 1000) + d * interval '1 day')::date AS date
FROM generate_series(0, {days}) d;
CREATE TEMPORARY TABLE first AS SELECT digits FROM days WHERE day = 0;
CREATE TEMPORARY TABLE words AS
SELECT place, pg_temp.word_at(place) AS word, initcap(pg_temp.word_at(place)) AS title FROM generate_series(0, 399) place;
ANALYZE owners, days, first, words;

-- Catalog ---------------------------------------------------------------------------------------

INSERT INTO manufacturers (id, tenant_id, name)
SELECT digits || '7' || lpad((t * 1000 + m)::text, 15, '0'), id, 'Maker ' || m
FROM owners, first, generate_series(1, {makers}) m;
-- Below each shared type of the second level two more.
INSERT INTO asset_types (id, tenant_id, name, parent_id, tree)
SELECT made.id, o.id, 'Kind ' || k, above.id, above.tree || made.id
FROM owners o
CROSS JOIN (SELECT *, row_number() OVER (ORDER BY tree) AS place FROM asset_types WHERE parent_id IS NOT NULL) above
CROSS JOIN generate_series(1, 2) k, first,
LATERAL (SELECT digits || '8' || lpad((o.t * 1000 + above.place * 2 + k)::text, 15, '0') AS id) made;
CREATE TEMPORARY TABLE kinds AS
SELECT t, y.id, row_number() OVER (PARTITION BY t ORDER BY hashtext(y.id)) - 1 AS place, count(*) OVER (PARTITION BY t) AS many
FROM owners o JOIN asset_types y ON y.tenant_id IN (o.id, nexus.root_tenant_id());
CREATE TEMPORARY TABLE models AS
SELECT o.t, o.id AS tenant_id, m AS model, digits || '9' || lpad((o.t * 1000 + m)::text, 15, '0') AS id,
       digits || '7' || lpad((o.t * 1000 + 1 + m % {makers})::text, 15, '0') AS manufacturer_id, k.id AS asset_type_id,
       CASE WHEN m % 10 = 0 THEN 'countable' ELSE 'serialized' END AS tracking_type
FROM owners o CROSS JOIN first CROSS JOIN generate_series(1, {models}) m
LEFT JOIN kinds k ON k.t = o.t AND k.place = m % k.many AND m % 20 <> 0;
ANALYZE models;
INSERT INTO asset_models (id, tenant_id, name, tracking_type, manufacturer_id, asset_type_id)
SELECT id, tenant_id, 'Model ' || model, tracking_type, manufacturer_id, asset_type_id FROM models;

-- Places, projects, people ----------------------------------------------------------------------

-- A district, 20 sites, 200 buildings, and rooms.
CREATE TEMPORARY TABLE places AS
SELECT t, id AS tenant_id, l,
       CASE WHEN l BETWEEN 1 AND 20 THEN 0 WHEN l BETWEEN 21 AND 220 THEN 1 + (l - 21) / 10
            WHEN l > 220 THEN 21 + (l - 221) % 200 END AS above,
       digits || '3' || lpad((t * 1000000 + l)::text, 15, '0') AS id_
FROM owners, first, generate_series(0, {locations} - 1) l;
CREATE INDEX ON places (t, l);
ANALYZE places;
INSERT INTO locations (id, tenant_id, parent_id, name, type_id, tree, path)
SELECT p.id_, p.tenant_id, a.id_, 'Place ' || p.l, y.id, concat(c.id_, b.id_, a.id_, p.id_),
       array_remove(ARRAY['Place ' || c.l, 'Place ' || b.l, 'Place ' || a.l, 'Place ' || p.l], NULL)
FROM places p
CROSS JOIN (SELECT id FROM location_types WHERE tenant_id = nexus.root_tenant_id() ORDER BY id LIMIT 1) y
LEFT JOIN places a ON a.t = p.t AND a.l = p.above
LEFT JOIN places b ON b.t = p.t AND b.l = a.above
LEFT JOIN places c ON c.t = p.t AND c.l = b.above;

INSERT INTO projects (id, tenant_id, name, key)
SELECT digits || '2' || lpad((t * 1000 + p)::text, 15, '0'), id, 'Project ' || p, 'PR' || p
FROM owners, first, generate_series(1, {projects}) p;

-- One of four assets; person 0 holds many.
INSERT INTO persons (id, tenant_id, name)
SELECT digits || '1' || lpad((t * 10000000 + p)::text, 15, '0'), id, 'Person ' || p
FROM owners, first, generate_series(0, {records} / 4) p;

-- Assets ----------------------------------------------------------------------------------------

-- Half are issued, most of these are out; half of the others are received somewhere. Every second has an event more.
CREATE TEMPORARY TABLE made AS
SELECT n, d.t, m.tenant_id, i, days.digits, later.digits AS later_digits, days.at, later.at AS later_at, days.date,
       CASE WHEN lag < 0.8 THEN days.date - (lag * 100)::int END AS purchased_on,
       m.id AS model_id, m.tracking_type, m.asset_type_id, m.manufacturer_id, d.state, d.project, custody, other,
       is_out OR is_back AS is_issued, is_out, is_back, (is_out OR is_back) AND custody < 0.05 AS is_to_place, d.due,
       CASE WHEN is_many THEN 0 ELSE 1 + (i * 48271) % ({records} / 4) END AS person,
       221 + 3 * floor(power({locations} / 3 - 80, room))::int AS place,
       a.title || ' ' || b.word || ' ' || c.word AS name, n % 1000 AS tail, is_tagged, rare
FROM (
    SELECT *, (is_many OR custody < 0.4) AND state IN (0, 1) AS is_out,
           NOT is_many AND custody >= 0.4 AND custody < 0.5 AS is_back
    FROM (
        SELECT n, (n % {owners})::int AS t, n / {owners} AS i, (n * {days} / ({owners} * {records}))::int AS day,
               floor({models} ^ pg_temp.u(n, 1))::int AS model,
               width_bucket(pg_temp.u(n, 2), ARRAY[0.9, 0.95, 0.98, 0.99, 0.997]::float8[]) AS state,
               floor({projects} ^ (pg_temp.u(n, 3) * 1.6))::int AS project, pg_temp.u(n, 4) AS custody,
               pg_temp.u(n, 5) AS other, pg_temp.u(n, 6) AS room, pg_temp.u(n, 7) AS due, pg_temp.u(n, 8) AS lag,
               floor(400 ^ pg_temp.u(n, 9))::int AS a, floor(400 ^ pg_temp.u(n, 10))::int AS b,
               floor(400 ^ pg_temp.u(n, 11))::int AS c, pg_temp.u(n, 12) < 0.9 AS is_tagged, pg_temp.u(n, 13) AS rare,
               (n / {owners}) % ({records} / {held}) = 3 AS is_many
        FROM generate_series(0::bigint, {owners} * {records} - 1) n OFFSET 0
    ) AS drawn OFFSET 0
) AS d
JOIN models m ON m.t = d.t AND m.model = d.model
JOIN days ON days.day = d.day
JOIN days later ON later.day = least(d.day + 60, {days})
JOIN words a ON a.place = d.a JOIN words b ON b.place = d.b JOIN words c ON c.place = d.c;
ANALYZE made;

INSERT INTO assets (id, tenant_id, updated_at, model_id, tracking_type, asset_type_id, manufacturer_id, project_id,
    name, asset_tag, serial_number, quantity, status, purchased_on, purchase_cost, warranty_until, notes, person_id, location_id,
    quantity_out, archived_at, retired_at, disposed_at, lost_at, stolen_at)
SELECT m.digits || '5' || lpad(n::text, 15, '0'), tenant_id, at + other * interval '90 days', model_id, tracking_type,
    asset_type_id, manufacturer_id,
    CASE WHEN project <= {projects} THEN f.digits || '2' || lpad((t * 1000 + project)::text, 15, '0') END,
    name || ' ' || tail || CASE WHEN i = {records} / 2 THEN ' Wrzeszczyn' ELSE '' END,
    CASE WHEN is_tagged THEN 'LT-' || lpad(i::text, 7, '0') END,
    CASE tracking_type WHEN 'serialized' THEN '5CG' || upper(to_hex((n * 2654435761) % 4294967291)) END,
    CASE tracking_type WHEN 'serialized' THEN 1 ELSE 1 + n % 50 END,
    CASE state WHEN 0 THEN 'active' WHEN 1 THEN 'archived' WHEN 2 THEN 'retired' WHEN 3 THEN 'disposed' WHEN 4 THEN 'lost' ELSE 'stolen' END,
    purchased_on, CASE WHEN rare < 0.3 THEN '{{"amount": 129900, "scale": 2, "currency": "EUR"}}'::jsonb END,
    CASE WHEN rare < 0.7 THEN purchased_on + 365 * (1 + n % 3)::int END,
    CASE WHEN rare < 0.02 THEN 'bought together with ' || name END,
    CASE WHEN is_out AND NOT is_to_place AND tracking_type = 'serialized' THEN f.digits || '1' || lpad((t * 10000000 + person)::text, 15, '0') END,
    CASE WHEN is_to_place OR NOT is_issued AND other < 0.6 THEN f.digits || '3' || lpad((t * 1000000 + place)::text, 15, '0') END,
    is_out::int, CASE state WHEN 1 THEN at END, CASE state WHEN 2 THEN at END,
    CASE state WHEN 3 THEN at END, CASE state WHEN 4 THEN at END, CASE state WHEN 5 THEN at END
FROM made m, first f;

INSERT INTO asset_circulations (id, tenant_id, asset_id, circulation_type, person_id, location_id, quantity, occurred_at)
SELECT digits || '6' || lpad(n::text, 15, '0'), tenant_id, digits || '5' || lpad(n::text, 15, '0'),
    CASE WHEN is_issued THEN 'issue' WHEN other < 0.6 THEN 'receive' ELSE 'confirm' END,
    CASE WHEN is_issued AND NOT is_to_place THEN first_digits || '1' || lpad((t * 10000000 + person)::text, 15, '0') END,
    CASE WHEN is_to_place OR NOT is_issued AND other < 0.6 THEN first_digits || '3' || lpad((t * 1000000 + place)::text, 15, '0') END,
    1, at
FROM made, (SELECT digits AS first_digits FROM first) f
UNION ALL
SELECT later_digits || '6' || lpad(({owners} * {records} + n)::text, 15, '0'), tenant_id, digits || '5' || lpad(n::text, 15, '0'),
    CASE WHEN is_back THEN 'return' WHEN other < 0.6 AND NOT is_issued THEN 'move' ELSE 'confirm' END,
    CASE WHEN is_back AND NOT is_to_place THEN first_digits || '1' || lpad((t * 10000000 + person)::text, 15, '0') END,
    CASE WHEN other < 0.6 AND NOT is_issued THEN first_digits || '3' || lpad((t * 1000000 + place)::text, 15, '0') END,
    1, later_at
FROM made, (SELECT digits AS first_digits FROM first) f WHERE is_back OR rare > 0.55;

INSERT INTO asset_assignments (id, tenant_id, updated_at, asset_id, person_id, location_id, quantity, start_date, end_date,
    due_on, closed_at, started_at, ended_at, opened_by_id, closed_by_id)
SELECT m.digits || 'A' || lpad(n::text, 15, '0'), tenant_id, CASE WHEN is_back THEN later_at ELSE at END,
    m.digits || '5' || lpad(n::text, 15, '0'),
    CASE WHEN NOT is_to_place THEN f.digits || '1' || lpad((t * 10000000 + person)::text, 15, '0') END,
    CASE WHEN is_to_place THEN f.digits || '3' || lpad((t * 1000000 + place)::text, 15, '0') END,
    1, m.date, CASE WHEN is_back THEN later_at::date END, CASE WHEN due < 0.1 THEN m.date + (due * 15000)::int END,
    CASE WHEN is_back THEN later_at END, at, CASE WHEN is_back THEN later_at ELSE 'infinity' END,
    m.digits || '6' || lpad(n::text, 15, '0'),
    CASE WHEN is_back THEN later_digits || '6' || lpad(({owners} * {records} + n)::text, 15, '0') END
FROM made m, first f WHERE is_issued;

-- Repairs, and as many issues that are none -----------------------------------------------------

CREATE TEMPORARY TABLE broken AS
SELECT r, o.t, o.id AS tenant_id, days.digits, days.at, days.digits || 'S' || lpad((r * {owners} + o.t)::text, 15, '0') AS issue_id,
       pg_temp.u(r, 40) AS state, pg_temp.u(r, 41) AS which,
       floor({records} * (pg_temp.u(r, 42) ^ 3))::bigint * {owners} + o.t AS n
FROM generate_series(0, 2 * {repairs} - 1) r CROSS JOIN owners o JOIN days ON days.day = r::bigint * {days} / (2 * {repairs});
INSERT INTO issues (id, tenant_id, updated_at, issue_type_id, kind, title, priority_id, status_id, category, reporter_id,
    closed_at)
SELECT issue_id, b.tenant_id, at + which * interval '20 days', y.id, y.kind, w.title || ' ' || v.word || ' is broken ' || r % 1000,
       p.id, s.id, s.category, u.id, CASE s.category WHEN 'done' THEN at + which * interval '20 days' END
FROM broken b
JOIN issue_types y ON y.tenant_id = nexus.root_tenant_id() AND y.key = CASE r % 2 WHEN 0 THEN 'repair' ELSE 'service_request' END
JOIN issue_statuses s ON s.tenant_id = nexus.root_tenant_id()
    AND s.name = CASE WHEN state < 0.04 THEN 'Open' WHEN state < 0.06 THEN 'In progress' WHEN state < 0.062 THEN 'Waiting' ELSE 'Closed' END
JOIN (SELECT id FROM issue_priorities WHERE tenant_id = nexus.root_tenant_id() ORDER BY rank LIMIT 1) p ON true
JOIN (SELECT id FROM users ORDER BY id LIMIT 1) u ON true
JOIN words w ON w.place = floor(400 ^ which)::int JOIN words v ON v.place = floor(400 ^ state)::int
ORDER BY r;
INSERT INTO asset_repairs (id, tenant_id, issue_id, asset_id, location_id)
SELECT issue_id, b.tenant_id, issue_id, m.digits || '5' || lpad(n::text, 15, '0'),
       CASE WHEN which < 0.2 THEN f.digits || '3' || lpad((b.t * 1000000 + place)::text, 15, '0') END
FROM broken b JOIN made m USING (n) CROSS JOIN first f WHERE r % 2 = 0 ORDER BY r;
UPDATE assets a SET open_repair_count = r.many
FROM (SELECT r.asset_id, count(*) AS many FROM asset_repairs r JOIN issues i ON i.id = r.issue_id
      WHERE i.closed_at IS NULL GROUP BY 1) AS r WHERE a.id = r.asset_id;

-- The middle one has many events, a tenth of the others one.
CREATE TEMPORARY TABLE happened AS
SELECT m.digits || '4' || lpad((n * 1000 + e)::text, 15, '0') AS id, tenant_id, m.digits || '5' || lpad(n::text, 15, '0') AS asset_id, e
FROM made m, generate_series(1, {events}) e WHERE i = {records} / 2 AND t = 0 OR e = 1 AND i % 10 = 0;
INSERT INTO audit_events (id, tenant_id, action, resource, record_id, changes)
SELECT id, tenant_id, 'update', 'assets', asset_id, jsonb_build_object(
    'name', jsonb_build_array('before ' || e, 'after ' || e), 'notes', jsonb_build_array(NULL, 'told ' || e)) FROM happened;
INSERT INTO audit_subjects (tenant_id, subject_id, event_id) SELECT tenant_id, asset_id, id FROM happened;
