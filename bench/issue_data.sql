-- What bench.issue_data fills in: names in braces are its own. No trigger runs, so what they keep is here too.
ALTER TABLE owners ADD fields text[];
UPDATE owners SET fields = ARRAY(SELECT pg_temp.ulid({base}, '4', (t + 1) * 10 + f) FROM generate_series(1, 5) f);

CREATE TEMPORARY TABLE people AS
SELECT t, owners.id AS tenant_id, n, pg_temp.ulid({base}, '1', t * 10000 + n) AS id
FROM owners, generate_series(1, {users} + 1) n;
INSERT INTO users (id, username, email, password_hash)
SELECT id, 'user_' || t || '_' || n, 'user_' || t || '_' || n || '@example.org', '' FROM people;
INSERT INTO tenant_users SELECT tenant_id, row.* FROM people, nexus.tenant_user_row(people.id) AS row;

CREATE TEMPORARY TABLE homes AS
SELECT t, owners.id AS tenant_id, n, pg_temp.ulid({base}, '2', t * 100 + n) AS id, 'PR' || n AS key
FROM owners, generate_series(1, {projects}) n;
INSERT INTO projects (id, tenant_id, name, key) SELECT id, tenant_id, 'Project ' || n, key FROM homes;

INSERT INTO issue_types (id, tenant_id, name, key, kind, workflow_id)
SELECT pg_temp.ulid({base}, '3', t), owners.id, 'Outage', 'outage', 'incident', w.id
FROM owners, issue_workflows w WHERE w.name = 'Incident' AND w.tenant_id = nexus.root_tenant_id();
CREATE TEMPORARY TABLE sorts AS
SELECT t, place, y.id, y.kind FROM owners, unnest(ARRAY['service_request', 'incident', 'outage', 'change',
    'repair', 'known_problem', 'post_incident_analysis']) WITH ORDINALITY AS o (key, place)
JOIN issue_types y USING (key) WHERE y.tenant_id IN (owners.id, nexus.root_tenant_id());

INSERT INTO issue_fields (id, tenant_id, key, name, type, choices)
SELECT owners.fields[place], owners.id, key, key, type,
       CASE type WHEN 'choice' THEN ARRAY['Low', 'Medium', 'High'] END
FROM owners, (VALUES (1, 'dense', 'number'), (2, 'sparse', 'text'), (3, 'three', 'choice'), (4, 'day', 'date'),
                     (5, 'keeper', 'user')) AS f (place, key, type);
ANALYZE owners, people, homes, sorts;
CREATE TEMPORARY TABLE made AS
SELECT o.id AS tenant_id, o.fields AS f, d.t, d.i, d.n, pg_temp.ulid(d.ms, '5', d.n) AS id, to_timestamp(d.ms / 1000.0) AS at,
       h.id AS project_id, h.key AS project_key, CASE WHEN h.id IS NOT NULL THEN
           (row_number() OVER (PARTITION BY d.t, h.n ORDER BY d.n))::int END AS number,
       y.id AS issue_type_id, y.kind, d.state, s.id AS status_id, p.id AS priority_id, r.id AS reporter_id,
       a.id AS assignee_id, r.n AS reporter_n, pg_temp.u(d.n, 20) AS few, pg_temp.u(d.n, 21) AS due,
       CASE WHEN pg_temp.u(d.n, 30) < 0.2 THEN 0 ELSE floor(pg_temp.u(d.n, 31) * 100000) / 10 END AS dense,
       CASE WHEN pg_temp.u(d.n, 32) < 0.02
           THEN pg_temp.word(d.n, 33) || ' ' || pg_temp.word(d.n, 34) || ' ' || d.n END AS sparse,
       CASE WHEN pg_temp.u(d.n, 35) < 0.4 THEN (ARRAY['Low', 'Medium', 'High'])
           [width_bucket(pg_temp.u(d.n, 36), ARRAY[0, 0.7, 0.999]::float8[])] END AS three,
       CASE WHEN pg_temp.u(d.n, 37) < 0.2
           THEN date '2024-01-01' + (pg_temp.u(d.n, 38) * 1000)::int END AS day,
       CASE WHEN pg_temp.u(d.n, 39) < 0.1 THEN k.id END AS keeper
FROM (
    SELECT n, n % {owners} AS t, n / {owners} AS i, {base} + n * {step} AS ms,
           floor(1 + ({projects} - 1) * pg_temp.u(n, 1) ^ 4)::int
               + CASE WHEN pg_temp.u(n, 2) < 0.00004 THEN 100 ELSE 0 END AS project,
           pg_temp.u(n, 3) < 0.05 AS is_homeless,
           width_bucket(pg_temp.u(n, 4), ARRAY[0, 0.45, 0.7, 0.8, 0.9, 0.98, 0.995]::float8[]) AS sort,
           CASE WHEN n > {owners} * {records} * 0.9
               THEN (ARRAY['open', 'in_progress', 'done'])[width_bucket(pg_temp.u(n, 5), ARRAY[0, 0.49, 0.69]::float8[])]
               ELSE (ARRAY['open', 'in_progress', 'done'])[width_bucket(pg_temp.u(n, 5), ARRAY[0, 0.001, 0.004]::float8[])]
           END AS state,
           pg_temp.u(n, 6) AS which,
           width_bucket(pg_temp.u(n, 7), ARRAY[0, 0.03, 0.2, 0.85]::float8[]) * 10 AS rank,
           floor({users} ^ pg_temp.u(n, 8))::int AS reporter,
           CASE WHEN pg_temp.u(n, 9) >= 0.1 THEN 1000 + floor(300 ^ pg_temp.u(n, 10))::int END AS assignee
    FROM generate_series(0::bigint, {owners} * {records} - 1) n
) AS d
JOIN owners o USING (t)
LEFT JOIN homes h ON h.t = d.t AND h.n = least(d.project, {projects}) AND NOT d.is_homeless
JOIN sorts y ON y.t = d.t AND y.place = d.sort
JOIN issue_statuses s ON s.tenant_id = nexus.root_tenant_id() AND s.name = CASE d.state
    WHEN 'open' THEN CASE y.kind WHEN 'change' THEN 'Draft' ELSE 'Open' END
    WHEN 'in_progress' THEN CASE
        WHEN y.kind = 'known_problem' THEN CASE WHEN which < 0.7 THEN 'Under investigation' ELSE 'Known error' END
        WHEN which < 0.7 THEN 'In progress'
        WHEN y.kind = 'change' THEN 'Awaiting approval'
        WHEN y.kind = 'post_incident_analysis' THEN 'Under review'
        ELSE 'Waiting' END
    ELSE CASE
        WHEN which < 0.85 OR y.kind = 'post_incident_analysis' THEN 'Closed'
        WHEN y.kind IN ('incident', 'known_problem') THEN 'Resolved'
        WHEN which < 0.95 AND y.kind <> 'change' THEN 'Resolved'
        ELSE 'Cancelled' END
    END
JOIN issue_priorities p ON p.tenant_id = nexus.root_tenant_id() AND p.rank = d.rank
JOIN people r ON r.t = d.t AND r.n = d.reporter
LEFT JOIN people a ON a.t = d.t AND a.n = d.assignee
JOIN people k ON k.t = d.t AND k.n = 1 + d.reporter % 300;
CREATE INDEX ON made (n);
ANALYZE made;
INSERT INTO issues (id, tenant_id, updated_at, project_id, number, key, previous_keys, issue_type_id, kind, title,
    description, priority_id, status_id, category, reporter_id, assignee_id, fields, closed_at, due_at,
    archived_at)
SELECT m.id, m.tenant_id, CASE state WHEN 'done' THEN least(at + few * interval '60 days', now()) ELSE
        least(at + few * interval '20 days', now()) END,
    project_id, number, project_key || '-' || number,
    CASE WHEN pg_temp.u(n, 22) < 0.05 AND project_id IS NOT NULL THEN ARRAY['OLD-' || n] ELSE '{{}}' END,
    issue_type_id, kind,
    initcap(pg_temp.word(n, 40)) || ' ' || pg_temp.word(n, 41) || ' ' || pg_temp.word(n, 42) || ' '
        || pg_temp.word(n, 43) || ' ' || n % 1000 || CASE WHEN i = {records} / 2 THEN ' Wrzeszczyn' ELSE '' END,
    CASE WHEN pg_temp.u(n, 44) < 0.2 THEN (SELECT string_agg(pg_temp.word(n, s), ' ') FROM generate_series(50, 59) s) END,
    priority_id, status_id, state, reporter_id, assignee_id,
    jsonb_strip_nulls(jsonb_build_object(f[1], dense, f[2], sparse, f[3], three, f[4], day, f[5], keeper)),
    CASE state WHEN 'done' THEN least(at + few * interval '60 days', now()) END,
    CASE WHEN due < 0.3 THEN at + interval '1 day' + due * interval '100 days' END,
    CASE WHEN pg_temp.u(n, 23) < 0.02 THEN now() END
FROM made m ORDER BY n;
INSERT INTO issue_counters SELECT tenant_id, split_part(key, '-', 1), max(number) FROM issues
    WHERE key IS NOT NULL GROUP BY 1, 2;
INSERT INTO issue_keys SELECT tenant_id, key, id FROM issues WHERE key IS NOT NULL ORDER BY id;
INSERT INTO issue_keys SELECT tenant_id, unnest(previous_keys), id FROM issues WHERE previous_keys <> '{{}}';

INSERT INTO issue_values
    (tenant_id, issue_id, field_id, place, text_value, value_sort, number_value, date_value, user_id, search)
SELECT m.tenant_id, m.id, f[v.place], 0, v.told, v.sort, v.number, v.day, CASE v.place WHEN 5 THEN v.told END, v.search
FROM made m CROSS JOIN LATERAL (VALUES
    (1, NULL, NULL, dense, NULL::date, NULL),
    (2, sparse, nexus.fold_search(sparse), NULL, NULL, nexus.search_text(sparse)),
    (3, three, lower(three), NULL, NULL, NULL),
    (4, NULL, NULL, NULL, day, NULL),
    (5, keeper, NULL, NULL, NULL, NULL)
) AS v (place, told, sort, number, day, search)
WHERE num_nonnulls(v.told, v.number, v.day) > 0 ORDER BY n;

-- Who reported it, half of the assignees, and one who watches a tenth of all.
INSERT INTO watchers (id, tenant_id, issue_id, user_id)
SELECT pg_temp.ulid({base} + n * {step}, '6', n * 4 + place), tenant_id, id, person
FROM made CROSS JOIN LATERAL (
    SELECT 0, reporter_id UNION ALL
    SELECT 1, assignee_id WHERE pg_temp.u(n, 24) < 0.45 AND assignee_id <> reporter_id UNION ALL
    SELECT 2, p.id FROM people p WHERE p.t = made.t AND p.n = {users} AND i % 10 = 0 AND reporter_n <> {users} UNION ALL
    SELECT 3, p.id FROM people p WHERE p.t = made.t AND p.n = {users} + 1 AND i = {records} / 3
) AS w (place, person) WHERE person IS NOT NULL ORDER BY n;

-- Every twentieth has one, the middle one 200.
INSERT INTO links (id, tenant_id, link_type_id, source_id, target_id)
SELECT pg_temp.ulid({base} + a.n * {step}, '7', a.n), a.tenant_id, y.id, a.id, b.id
FROM made a
JOIN made b ON b.n = CASE WHEN a.i > {records} - 4000 THEN a.t + {owners} * ({records} / 2) ELSE a.n - {owners} * 7 END
JOIN issue_link_types y ON y.name = 'Relates'
WHERE a.i % 20 = 9 ORDER BY a.n;

-- The middle one has many events, a tenth of the others one.
CREATE TEMPORARY TABLE happened AS
SELECT pg_temp.ulid({base} + n * {step} + e, '8', n * 1000 + e) AS id, tenant_id, made.id AS issue_id, reporter_id, e
FROM made, generate_series(1, {events}) e WHERE i = {records} / 2 AND t = 0 OR e = 1 AND i % 10 = 0;
INSERT INTO audit_events (id, tenant_id, actor_id, action, resource, record_id, changes)
SELECT id, tenant_id, reporter_id, 'update', 'issues', issue_id, jsonb_build_object(
    'title', jsonb_build_array('before ' || e, 'after ' || e),
    'assignee_id', jsonb_build_array(NULL, reporter_id)) FROM happened;
INSERT INTO audit_subjects (tenant_id, subject_id, event_id) SELECT tenant_id, issue_id, id FROM happened;
