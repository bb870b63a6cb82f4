-- What bench.enrollment_data fills in: names in braces are its own. No trigger runs, so what they keep is here too.
-- An id is the ten digits of a day, a kind, and a number, so that all follow from a row's number.
CREATE TEMPORARY TABLE days AS
SELECT d AS day, left(pg_temp.ulid({base} + d * 86400000::bigint, '', 0), 10) AS digits,
       to_timestamp({base} / 1000) + d * interval '1 day' AS at, (to_timestamp({base} / 1000) + d * interval '1 day')::date AS date
FROM generate_series(0, {days}) d;
CREATE TEMPORARY TABLE first AS SELECT digits FROM days WHERE day = 0;
CREATE TEMPORARY TABLE words AS
SELECT place, pg_temp.word_at(place) AS word, initcap(pg_temp.word_at(place)) AS title FROM generate_series(0, 399) place;
ANALYZE owners, days, first, words;

-- Schools and years -----------------------------------------------------------------------------

-- The last one is the current: what happens in it has happened up to today.
CREATE TEMPORARY TABLE years AS
SELECT t, o.id AS tenant_id, y, digits || '2' || lpad((t * 100 + y)::text, 15, '0') AS id, begins,
       make_date(begins, 8, 1) AS first_day, make_date(begins + 1, 7, 31) AS last_day,
       least(make_date(begins + 1, 7, 31), current_date) AS until
FROM owners o, first, generate_series(0, {years} - 1) y,
LATERAL (SELECT extract(year FROM current_date - interval '7 months')::int - {years} + 1 + y AS begins) AS b;
INSERT INTO school_years (id, tenant_id, name, start_date, end_date, is_current)
SELECT id, tenant_id, begins || '/' || right((begins + 1)::text, 2), first_day, last_day, y = {years} - 1 FROM years;

-- An eighth is large; up_to is the part of all people who are there or in one before it.
CREATE TEMPORARY TABLE places AS
SELECT t, tenant_id, s, digits || '3' || lpad((t * 1000 + s)::text, 15, '0') AS id,
       sum(many) OVER (PARTITION BY t ORDER BY s) / sum(many) OVER (PARTITION BY t)::float8 AS up_to
FROM (SELECT t, id AS tenant_id, s, CASE WHEN s % 8 = 7 THEN 5000 ELSE 1200 + s * 37 % 47 * 50 END AS many
      FROM owners, generate_series(0, {schools} - 1) s) AS schools, first;
INSERT INTO schools (id, tenant_id, name, code)
SELECT id, tenant_id, w.title || ' school ' || s, 'S-' || s FROM places JOIN words w ON w.place = s * 7 % 400;

-- Every third has a second one in each year.
INSERT INTO school_calendars (id, tenant_id, school_id, calendar_id, name)
SELECT digits || '4' || lpad((((p.t * 1000 + s) * 100 + y) * 2 + c)::text, 15, '0'), p.tenant_id, p.id, y.id,
       CASE c WHEN 0 THEN 'Regular' ELSE 'Evening' END
FROM places p JOIN years y USING (t) CROSS JOIN generate_series(0, 1) c CROSS JOIN first WHERE c = 0 OR s % 3 = 0;

CREATE TEMPORARY TABLE grades AS
SELECT row_number() OVER (ORDER BY ordinal) - 1 AS grade, id FROM school_grade_levels WHERE tenant_id = nexus.root_tenant_id();
ANALYZE years, places, grades;

-- People ----------------------------------------------------------------------------------------

INSERT INTO persons (id, tenant_id, name, sort_name, names)
SELECT digits || '1' || lpad(((n % {owners}) * 10000000 + n / {owners})::text, 15, '0'), o.id, first_name || ' ' || last_name,
       last_name || ', ' || first_name, first_name || ' ' || last_name
FROM (
    SELECT n, floor(400 ^ pg_temp.u(n, 20))::int AS a, floor(400 ^ pg_temp.u(n, 21))::int AS b,
           (string_to_array('Zoë,Anna,Ben,Clara,David,Elif,Fatima,Georg,Hanna,Ivan,José,Kofi,Łucja,Mária,Noah,Olga,Paweł,Rosa',
                            ','))[1 + floor(18 * pg_temp.u(n, 22))::int] AS first_name
    FROM generate_series(0::bigint, {owners} * {records} - 1) n OFFSET 0
) AS d
JOIN owners o ON o.t = n % {owners} CROSS JOIN first
JOIN words a ON a.place = d.a JOIN words b ON b.place = d.b, LATERAL (SELECT a.title || b.word AS last_name) AS l ORDER BY 1;
CREATE TEMPORARY TABLE people AS SELECT id, sort_name_sort AS sort FROM persons WHERE sort_name IS NOT NULL;
ANALYZE people;

-- Enrollments -----------------------------------------------------------------------------------

-- A person's years, of which few are missing. Whoever has graduated begins again, so that each year has all grades.
-- The school is another for the first, the middle and the last ones. In the year some go on in another school (moved)
-- or leave (left), half of whom are back later.
CREATE TEMPORARY TABLE seats AS
SELECT d.*, digits || 'E' || lpad((v * 2)::text, 15, '0') AS id,
       later_digits || 'E' || lpad((v * 2 + 1)::text, 15, '0') AS later_id
FROM (
    SELECT d.*, b.digits, b.at, l.digits AS later_digits, l.at AS later_at FROM (
        SELECT d.*, CASE WHEN moved AND other = school THEN (school + 1) % {schools} WHEN moved THEN other ELSE school END AS later_school,
               moved OR left_ AND back < 0.5 AND left_on + 30 <= until AS is_later,
               CASE WHEN moved THEN left_on ELSE left_on + 30 END AS later_on
        FROM (
            SELECT d.*, entry + floor((until - entry) * pg_temp.u(v, 5))::int AS left_on,
                   width_bucket(pg_temp.u(v, 9), bounds) AS other, width_bucket(pg_temp.u(n, 100 + era), bounds) AS school,
                   pg_temp.u(n, 200 + era) AS evening,
                   happens < 0.03 AS moved, happens BETWEEN 0.03 AND 0.05 AS left_, pg_temp.u(v, 4) AS back
            FROM (
                SELECT n, n * 100 + y AS v, y, years.t, years.tenant_id, years.id AS year_id, last_day, until, grade,
                       started / 14 * 3 + width_bucket(grade, ARRAY[7, 10]) AS era, pg_temp.u(n * 100 + y, 3) AS happens,
                       CASE WHEN late < 0.06 THEN first_day + floor((until - first_day) * lag)::int
                            WHEN late < 0.2 THEN least(first_day + floor(lag * 15)::int, until) ELSE first_day END AS entry,
                       CASE WHEN late < 0.06 THEN first_day + floor((until - first_day) * lag)::int
                            ELSE least(first_day + 5 - floor(lag * 45)::int, until) END AS enrolled_on
                FROM generate_series(0::bigint, {owners} * {records} - 1) n JOIN years ON years.t = n % {owners},
                LATERAL (SELECT floor(14 * pg_temp.u(n, 1))::int + y AS started, pg_temp.u(n * 100 + y, 6) AS late,
                                pg_temp.u(n * 100 + y, 7) AS lag) AS s,
                LATERAL (SELECT started % 14 AS grade) AS g
                WHERE pg_temp.u(n * 100 + y, 2) >= 0.04 OFFSET 0
            ) AS d, (SELECT array_agg(up_to ORDER BY s) AS bounds FROM places WHERE t = 0) AS b OFFSET 0
        ) AS d OFFSET 0
    ) AS d JOIN days b ON b.date = enrolled_on LEFT JOIN days l ON is_later AND l.date = later_on
) AS d;
ANALYZE seats;

-- When a year is over, nearly all are withdrawn and go on in the next one, are transferred to their next school, or
-- graduate; few were forgotten.
CREATE TEMPORARY TABLE taken AS
SELECT *, lag(last_id) OVER w AS former_id, lag(becomes) OVER w AS former_status
FROM (
    SELECT *, CASE WHEN is_later THEN later_id ELSE id END AS last_id,
           CASE WHEN left_ AND NOT is_later THEN 'withdrawn' WHEN y = {years} - 1 OR pg_temp.u(v, 10) < 0.002 THEN 'enrolled'
                WHEN grade = 13 THEN 'graduated' WHEN next_y = y + 1 AND next_school <> last_school THEN 'transferred'
                ELSE 'withdrawn' END AS becomes
    FROM (
        SELECT *, CASE WHEN is_later THEN later_school ELSE school END AS last_school,
               lead(id) OVER w AS next_id, lead(y) OVER w AS next_y, lead(school) OVER w AS next_school
        FROM seats WINDOW w AS (PARTITION BY n ORDER BY y)
    ) AS s
) AS s WINDOW w AS (PARTITION BY n ORDER BY y);

INSERT INTO school_enrollments (id, tenant_id, updated_at, person_id, calendar_id, school_id, school_year_id, grade_level_id,
    status, entry_date, exit_date, exit_reason, withdrawn_at, graduated_at, transferred_at, previous_id, transferred_to_id, person_sort)
SELECT e.id, tenant_id, coalesce(ended_at, least(e.at + tail * interval '20 days', now())), p.id,
    f.digits || '4' || lpad((((t * 1000 + e.school) * 100 + y) * 2 + (e.school % 3 = 0 AND evening < 0.15)::int)::text, 15, '0'),
    f.digits || '3' || lpad((t * 1000 + e.school)::text, 15, '0'), year_id, CASE WHEN none >= 0.02 THEN g.id END,
    e.status, e.entry, exit, CASE WHEN e.status IN ('withdrawn', 'transferred') THEN
        CASE WHEN exit = last_day THEN 'The year is over' ELSE 'The family has moved' END END,
    CASE e.status WHEN 'withdrawn' THEN ended_at END, CASE e.status WHEN 'graduated' THEN ended_at END,
    CASE e.status WHEN 'transferred' THEN ended_at END, previous_id, CASE e.status WHEN 'transferred' THEN to_id END, p.sort
FROM taken
JOIN people p ON p.id = (SELECT digits FROM first) || '1' || lpad((t * 10000000 + n / {owners})::text, 15, '0')
JOIN grades g USING (grade) CROSS JOIN first f
CROSS JOIN LATERAL (
    SELECT taken.id, at, school, entry, CASE WHEN is_later THEN CASE WHEN moved THEN 'transferred' ELSE 'withdrawn' END ELSE becomes END,
           left_on, left_, CASE WHEN is_later THEN later_id ELSE next_id END,
           CASE WHEN former_status IN ('withdrawn', 'transferred') THEN former_id END, pg_temp.u(v, 11), pg_temp.u(v, 12)
    UNION ALL
    SELECT later_id, later_at, later_school, later_on, becomes, NULL, false, next_id, taken.id, pg_temp.u(v, 11), pg_temp.u(v, 13)
    WHERE is_later
) AS e (id, at, school, entry, status, left_on, leaves, to_id, previous_id, none, tail)
CROSS JOIN LATERAL (SELECT CASE WHEN e.status <> 'enrolled' THEN
    CASE WHEN e.leaves OR e.status = 'transferred' AND e.to_id = taken.later_id THEN e.left_on ELSE last_day END END AS exit) AS x
CROSS JOIN LATERAL (SELECT CASE WHEN exit IS NOT NULL THEN least(exit + tail * interval '20 days', now()) END AS ended_at) AS z
ORDER BY e.id;
-- Their room is the indexes'.
TRUNCATE seats, taken;
