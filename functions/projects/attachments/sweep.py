"""What uploads left behind: rows without an object, and objects without a row."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

from nexus.access.scope import Scope
from nexus.aws import storage
from nexus.db.statements import Sql

# Longer than any form takes an upload, and than any request lasts.
GRACE = timedelta(days=1)
ID_LENGTH = 26

WAITING = Sql(
    "SELECT id FROM attachments WHERE tenant_id = nexus.tenant_id() AND uploaded_at IS NULL"
    " AND created_at < now() - $1::interval AND id > $2 ORDER BY id LIMIT $3",
    ("grace", "after", "size"),
)
OF_IDS = Sql(
    "SELECT issue_id, id, size FROM attachments WHERE tenant_id = nexus.tenant_id()"
    " AND id = ANY ($1) AND uploaded_at IS NULL ORDER BY issue_id",
    ("ids",),
)
# Nobody had looked since.
FOUND = Sql(
    "UPDATE attachments SET uploaded_at = stored_at, checked_at = now()"
    " FROM unnest($1::text[], $2::timestamptz[]) AS found (id, stored_at)"
    " WHERE attachments.id = found.id AND tenant_id = nexus.tenant_id() AND uploaded_at IS NULL",
    ("ids", "times"),
)
FORGET = Sql(
    "DELETE FROM attachments WHERE tenant_id = nexus.tenant_id() AND id = ANY ($1)"
    " AND uploaded_at IS NULL RETURNING id",
    ("ids",),
)
NAMED = Sql(
    "SELECT id FROM attachments WHERE tenant_id = nexus.tenant_id() AND id = ANY ($1)", ("ids",)
)


def never_uploaded(scope: Scope, after: str, size: int) -> Sequence[str]:
    """Ids of attachments that were asked for longer ago than any form takes, and of which nobody
    has seen an object: those above `after` in order."""
    asked = {"grace": str(GRACE), "after": after, "size": size}
    return [id_ for (id_,) in scope.run(WAITING, asked)]


def forget(scope: Scope, ids: Sequence[str]) -> int:
    """Remove those of which the store has no object of their size; how many. Raises
    StorageUnavailable."""
    there: dict[str, datetime] = {}
    for issue_id, rows in groupby(scope.run(OF_IDS, {"ids": list(ids)}), key=lambda row: row[0]):
        prefix = f"{scope.tenant_id}/{issue_id}/"
        found = storage.found(prefix)
        for _, id_, size in rows:
            one = found.get(prefix + id_)
            if one and one.size == size:
                there[id_] = one.stored_at
    missing = [id_ for id_ in ids if id_ not in there]
    _, gone = scope.run_all(
        (FOUND, {"ids": list(there), "times": list(there.values())}), (FORGET, {"ids": missing})
    )
    return len(gone)


def objects_after(after: str, size: int) -> tuple[Sequence[str], str | None]:
    """Keys of objects that are old enough to have a row for good, of the next so many, and the last
    of these, if there are more. Raises StorageUnavailable."""
    listed, is_more = storage.listed(after, size)
    before = datetime.now(UTC) - GRACE
    old = [key for key, one in listed.items() if one.stored_at < before and _ids_in(key)]
    return old, list(listed)[-1] if is_more else None


def unnamed(scope: Scope, keys: Sequence[str]) -> Sequence[str]:
    """Those keys that no row names. Leaves the scope in another tenant."""
    return [key for tenant_id, some in _by_tenant(keys) for key in _lost(scope, tenant_id, some)]


def _by_tenant(keys: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for tenant_id, some in groupby(sorted(keys), key=lambda key: key.partition("/")[0]):
        yield tenant_id, list(some)


def _lost(scope: Scope, tenant_id: str, keys: Sequence[str]) -> Sequence[str]:
    scope.enter(tenant_id=tenant_id)
    rows = scope.run(NAMED, {"ids": [key.rpartition("/")[2] for key in keys]})
    named = {id_ for (id_,) in rows}
    return [key for key in keys if key.rpartition("/")[2] not in named]


def _ids_in(key: str) -> bool:
    """Whether it is the key of an attachment; what else is in the store is not ours to remove."""
    ids = key.split("/")
    return len(ids) == 3 and all(len(id_) == ID_LENGTH for id_ in ids)
