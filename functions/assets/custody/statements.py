"""What custody reads and writes besides its records. Whoever writes holds the asset."""

from nexus.db.statements import Sql

# Now, today, the day of a moment, when two days begin, and when the second of them is over, if it
# is; where the tenant is.
CLOCK = Sql(
    "SELECT clock_timestamp(), nexus.day_of(clock_timestamp()), nexus.day_of($1::timestamptz),"
    " nexus.start_of($2::date), nexus.start_of($3::date),"
    " nexus.start_of(least($3::date, CURRENT_DATE) + 1)",
    ("occurred_at", "start_date", "end_date"),
)
# Several assets at once, in one order for all.
HOLD_ALL = Sql(
    "SELECT id, archived_at, status, tracking_type, quantity, quantity_available FROM assets"
    " WHERE tenant_id = nexus.tenant_id() AND id = ANY ($1) ORDER BY id FOR NO KEY UPDATE",
    ("ids",),
)
EVENT = Sql(
    "INSERT INTO asset_circulations (id, tenant_id, asset_id, circulation_type, person_id,"
    " location_id, quantity, occurred_at, notes, recorded_by)"
    " VALUES ($1, nexus.tenant_id(), $2, $3, $4, $5, $6, $7, $8, nexus.user_id())",
    ("id", "asset_id", "circulation_type", "person_id", "location_id", "quantity", "occurred_at",
     "notes"),
)  # fmt: skip
CORRECTED = Sql(
    "SELECT circulation_type, person_id, quantity, occurred_at, corrects_id IS NOT NULL,"
    " EXISTS (SELECT FROM asset_circulations c WHERE c.tenant_id = nexus.tenant_id()"
    " AND c.asset_id = $1 AND c.corrects_id = $2)"
    " FROM asset_circulations"
    " WHERE tenant_id = nexus.tenant_id() AND asset_id = $1 AND id = $2",
    ("asset_id", "corrects_id"),
)
STARTED = Sql(
    "SELECT started_at FROM asset_assignments WHERE tenant_id = nexus.tenant_id() AND id = $1",
    ("id",),
)
PLANNED_END = Sql(
    "SELECT end_date FROM asset_assignments WHERE tenant_id = nexus.tenant_id() AND id = $1"
    " AND closed_at IS NULL AND end_date < nexus.day_of(now())",
    ("id",),
)
# Those whose planned end is over, in the order of their ids.
PAST_END = Sql(
    "SELECT id FROM asset_assignments WHERE tenant_id = nexus.tenant_id() AND closed_at IS NULL"
    " AND end_date < nexus.day_of(now()) AND id > $1 ORDER BY id LIMIT $2",
    ("after", "size"),
)
# What is out, the oldest first: of a person, or of all.
OUT = Sql(
    "SELECT id, person_id, location_id, quantity, started_at FROM asset_assignments"
    " WHERE tenant_id = nexus.tenant_id() AND asset_id = $1 AND closed_at IS NULL"
    " AND ($2::text IS NULL OR person_id = $2) ORDER BY started_at, id LIMIT 10000",
    ("asset_id", "person_id"),
)
ASSIGN = Sql(
    "INSERT INTO asset_assignments (id, tenant_id, asset_id, person_id, location_id, quantity,"
    " start_date, started_at, opened_by_id)"
    " VALUES ($1, nexus.tenant_id(), $2, $3, $4, $5, $6, $7, $8)",
    ("id", "asset_id", "person_id", "location_id", "quantity", "start_date", "started_at",
     "opened_by_id"),
)  # fmt: skip
TAKE_BACK = Sql(
    "UPDATE asset_assignments SET closed_at = now(), ended_at = $2,"
    " end_date = greatest(start_date, $3::date), closed_by_id = $4"
    " WHERE tenant_id = nexus.tenant_id() AND id = ANY ($1)",
    ("ids", "ended_at", "end_date", "closed_by_id"),
)
# A part that is returned becomes an assignment of its own, closed; the rest stays out.
KEEP_REST = Sql(
    "UPDATE asset_assignments SET quantity = quantity - $2"
    " WHERE tenant_id = nexus.tenant_id() AND id = $1",
    ("id", "quantity"),
)
TAKE_PART_BACK = Sql(
    "INSERT INTO asset_assignments (id, tenant_id, asset_id, person_id, location_id, quantity,"
    " start_date, end_date, due_on, notes, closed_at, started_at, ended_at, opened_by_id,"
    " closed_by_id)"
    " SELECT $1, tenant_id, asset_id, person_id, location_id, $3, start_date,"
    " greatest(start_date, $5::date), due_on, notes,"
    " now(), started_at, $4, opened_by_id, $6"
    " FROM asset_assignments WHERE tenant_id = nexus.tenant_id() AND id = $2",
    ("id", "of", "quantity", "ended_at", "end_date", "closed_by_id"),
)
# What an issue by mistake opened was no custody, whether it was returned meanwhile or not.
UNDO_ISSUE = Sql(
    "UPDATE asset_assignments SET closed_at = coalesce(closed_at, now()), ended_at = started_at,"
    " end_date = start_date, closed_by_id = $2"
    " WHERE tenant_id = nexus.tenant_id() AND opened_by_id = $1",
    ("corrects_id", "id"),
)
# How much a return closed, without what was undone since.
TO_GO_ON = Sql(
    "SELECT coalesce(sum(quantity), 0)::integer FROM asset_assignments"
    " WHERE tenant_id = nexus.tenant_id() AND closed_by_id = $1",
    ("corrects_id",),
)
# What a return by mistake closed goes on.
UNDO_RETURN = Sql(
    "UPDATE asset_assignments SET closed_at = NULL, ended_at = 'infinity', end_date = NULL,"
    " closed_by_id = NULL WHERE tenant_id = nexus.tenant_id() AND closed_by_id = $1",
    ("corrects_id",),
)
# All that is out of an asset ends now, with an event for each who has some of it.
END_CUSTODY = Sql(
    "WITH returned AS ("
    " SELECT nexus.ulid() AS id, coalesce(person_id, location_id) AS holder,"
    " max(person_id) AS person_id, max(location_id) AS location_id,"
    " sum(quantity)::integer AS quantity,"
    " greatest(max(started_at), clock_timestamp()) AS occurred_at,"
    " nexus.day_of(clock_timestamp()) AS today FROM asset_assignments"
    " WHERE tenant_id = nexus.tenant_id() AND asset_id = $1 AND closed_at IS NULL"
    " GROUP BY holder"
    "), ended AS ("
    " UPDATE asset_assignments a SET closed_at = now(), ended_at = r.occurred_at,"
    " end_date = greatest(a.start_date, r.today), closed_by_id = r.id"
    " FROM returned r"
    " WHERE a.tenant_id = nexus.tenant_id() AND a.asset_id = $1 AND a.closed_at IS NULL"
    " AND coalesce(a.person_id, a.location_id) = r.holder"
    ") INSERT INTO asset_circulations (id, tenant_id, asset_id, circulation_type, person_id,"
    " location_id, quantity, occurred_at, notes, recorded_by)"
    " SELECT id, nexus.tenant_id(), $1, 'return', person_id, location_id, quantity, occurred_at,"
    " $2, nexus.user_id() FROM returned",
    ("asset_id", "notes"),
)
