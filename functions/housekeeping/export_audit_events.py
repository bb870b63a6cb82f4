"""Exports audit events of months that are over for as long as their tenant lists them; makes
partitions for what comes, and drops those that are empty."""

import gzip
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from housekeeping.work import Act, Find, Found, Run
from nexus.access.scope import Scope
from nexus.aws import storage
from nexus.db.statements import Sql

FORMAT = 1  # of the lines and of the manifest
EVENTS = 5_000  # of a file, at most
PAGE = 50  # of which all are in memory as they are, each up to 0.3 MB
LARGEST = 32 * 1024**2  # bytes of lines, where a file ends too, however small they become
SECONDS = 60  # without which none is begun

# The ids of the next file: of one month, which as a whole is older than so many days.
DUE = Sql(
    "WITH first AS (SELECT id, date_trunc('month', nexus.ulid_time(id) AT TIME ZONE 'UTC') AS month"
    " FROM audit_events WHERE reader_id = nexus.tenant_id() AND id > $1"
    " AND id < nexus.least_ulid(date_trunc('month', now() - make_interval(days => $2), 'UTC'))"
    " ORDER BY id LIMIT 1)"
    " SELECT first.id, (SELECT max(id) FROM (SELECT id FROM audit_events"
    " WHERE reader_id = nexus.tenant_id() AND id >= first.id"
    " AND id < nexus.least_ulid((first.month + interval '1 month') AT TIME ZONE 'UTC')"
    " ORDER BY id LIMIT $3) AS file), to_char(first.month, 'YYYY-MM') FROM first",
    ("after", "days", "size"),
)
# As the API shows them, with the records whose histories tell them too.
LINES = Sql(
    "SELECT id, jsonb_build_object('id', id, 'tenant_id', tenant_id, 'actor_id', actor_id,"
    " 'action', action, 'resource', resource, 'record_id', record_id, 'changes', changes,"
    " 'occurred_at', occurred_at, 'request_id', request_id, 'subject_ids', (SELECT"
    " coalesce(jsonb_agg(subject_id ORDER BY subject_id), '[]') FROM audit_subjects"
    " WHERE tenant_id = nexus.tenant_id() AND event_id = audit_events.id))::text"
    " FROM audit_events WHERE reader_id = nexus.tenant_id() AND id > $1 AND id <= $2"
    " ORDER BY id LIMIT $3",
    ("after", "last", "size"),
)
# Two runs export a tenant's one after the other.
TAKE_TURNS = Sql(
    "SELECT pg_advisory_xact_lock(hashtextextended('export-audit-events ' || nexus.tenant_id(), 0))"
)
FORGET_SUBJECTS = Sql(
    "DELETE FROM audit_subjects WHERE tenant_id = nexus.tenant_id() AND event_id BETWEEN $1 AND $2",
    ("first", "last"),
)
FORGET = Sql(
    "DELETE FROM audit_events WHERE reader_id = nexus.tenant_id() AND id BETWEEN $1 AND $2"
    " RETURNING id",
    ("first", "last"),
)
TELL = Sql(
    "INSERT INTO audit_exports (tenant_id, last_id) VALUES (nexus.tenant_id(), $1)"
    " ON CONFLICT (tenant_id)"
    " DO UPDATE SET last_id = greatest(audit_exports.last_id, excluded.last_id)",
    ("last",),
)
DUE_PARTITIONS = Sql("SELECT nexus.due_audit_partitions()")
TURN_PARTITION = Sql("SELECT nexus.turn_audit_partition($1)", ("name",))


class NotAsExported(Exception):
    """Others than the exported events would be deleted; raised, so that none are."""


class Due(NamedTuple):
    """A file that is to be: the first event, the last one if all are small, and their month."""

    first: str
    last: str
    month: str


class File(NamedTuple):
    content: bytes
    ids: Sequence[str]


def run(run: Run) -> None:
    """What writes will need comes first."""
    run.work("audit_partitions", _due_partitions, _turn, size=1)
    for tenant in run.tenants("export_audit_events_after_days"):
        find, export = _files(int(tenant.setting))
        run.work("audit_files", find, export, tenant_id=tenant.id, size=1, seconds=SECONDS)


def _files(days: int) -> tuple[Find, Act]:
    def find(scope: Scope, after: Due | None) -> Found:
        """The first that is due: a file may have ended before the last event it was to have. What
        is still there, in a dry run or because it failed, is passed over."""
        due = _due(scope, "", days)
        if after and due and due.first <= after.first:
            due = _due(scope, after.last, days)
        return Found([due.first], due) if due else Found([])

    def export(scope: Scope, _: Sequence[str]) -> int:
        """The first that is due, whichever was found: nothing is left behind one that failed.
        Events go once their file and its manifest are there; where that is not kept, the next run
        writes over both."""
        scope.run(TAKE_TURNS)
        due = _due(scope, "", days)
        if due is None:  # another run was here
            return 0
        file = _file(scope, due)
        place = f"{scope.tenant_id}/{due.month}/{due.first}"
        storage.keep(f"{place}.ndjson.gz", file.content)
        storage.keep(f"{place}.json", _manifest(scope.tenant_id, due.month, file))
        _forget(scope, file.ids)
        return 1

    return find, export


def _due(scope: Scope, after: str, days: int) -> Due | None:
    rows = scope.run(DUE, {"after": after, "days": days, "size": EVENTS})
    return Due(*rows[0]) if rows else None


def _file(scope: Scope, due: Due) -> File:
    """The same of the same events."""
    content, size, ids, after = bytearray(), 0, list[str](), ""
    while after < due.last and size < LARGEST:
        rows = scope.run(LINES, {"after": after, "last": due.last, "size": PAGE})
        lines = "".join(f"{line}\n" for _, line in rows).encode()
        size += len(lines)
        content += gzip.compress(lines, mtime=0)
        ids += [id_ for id_, _ in rows]
        after = ids[-1]
    return File(bytes(content), ids)


def _manifest(tenant_id: str, month: str, file: File) -> bytes:
    told = {
        "format": FORMAT,
        "tenant_id": tenant_id,
        "month": month,
        "count": len(file.ids),
        "first_id": file.ids[0],
        "last_id": file.ids[-1],
        "bytes": len(file.content),
        "sha256": sha256(file.content).hexdigest(),
    }
    return json.dumps(told, indent=2).encode()


def _forget(scope: Scope, ids: Sequence[str]) -> None:
    """Raises NotAsExported."""
    span = {"first": ids[0], "last": ids[-1]}
    told = (TELL, {"last": ids[-1]})
    _, gone, _ = scope.run_all((FORGET_SUBJECTS, span), (FORGET, span), told)
    if sorted(id_ for (id_,) in gone) != list(ids):
        raise NotAsExported(f"{len(gone)} events, of which {len(ids)} were exported")


def _due_partitions(scope: Scope, _: Any) -> Found:
    return Found([name for (name,) in scope.run(DUE_PARTITIONS)])


def _turn(scope: Scope, names: Sequence[str]) -> int:
    return sum(scope.run(TURN_PARTITION, {"name": name})[0][0] for name in names)
