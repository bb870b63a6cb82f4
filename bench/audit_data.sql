-- A record has five events beside each other; one of three years has one in a hundred of all, and an issue two
-- thousand or so.
CREATE TEMPORARY TABLE happened AS
SELECT t, n, overlay(nexus.least_ulid(now() - make_interval(secs => {days} * 86400.0 * (1 - n / {events}.0)))
                     PLACING lpad((n * 10 + t)::text, 16, '0') FROM 11) AS id,
       overlay(nexus.least_ulid(now() - make_interval(secs => {days} * 86400.0 * (1 - (n / 5 * 5) / {events}.0)))
               PLACING lpad((n / 5 * 50 + t)::text, 16, 'R') FROM 11) AS record_id
FROM generate_series(1, {events}) n, generate_series(0, 2) t;
INSERT INTO audit_events (id, tenant_id, actor_id, action, resource, record_id, changes)
SELECT h.id, ('{{{tenants}}}'::text[])[t + 1], CASE WHEN n % 10000 = 0 THEN lpad('B', 26, '0') ELSE lpad('A', 26, '0') END,
       CASE WHEN n % 5 = 0 THEN 'insert' ELSE 'update' END, CASE WHEN n % 3 = 0 THEN 'persons' ELSE 'issues' END,
       CASE WHEN n % 100 = 0 THEN rpad('00HUB', 26, '0') ELSE h.record_id END,
       jsonb_build_object('title', jsonb_build_array('before ' || n, 'after ' || n), 'description',
                          jsonb_build_array(repeat('what it was, ', 10), repeat('what it is, ', 10)))
FROM happened h ORDER BY h.id;
INSERT INTO audit_subjects (tenant_id, subject_id, event_id)
SELECT ('{{{tenants}}}'::text[])[1], '{issue}', id FROM happened WHERE t = 0 AND n % ({events} / 2000) = 1 AND n % 3 <> 0;
