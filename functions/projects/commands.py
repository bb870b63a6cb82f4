"""What other modules may have done here, in the caller's transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from nexus.access.scope import Scope
from nexus.db.statements import Sql
from projects.attachments import sweep
from projects.issues.schemas import IssueCreate, IssueUpdate
from projects.issues.service import Issues

HOLD = Sql(
    "SELECT archived_at IS NOT NULL FROM issues"
    " WHERE tenant_id = nexus.tenant_id() AND id = $1 FOR NO KEY UPDATE",
    ("id",),
)
# Those closed so many days ago that are not archived, from a closing and an id on.
CLOSED = Sql(
    "SELECT id, closed_at FROM issues WHERE tenant_id = nexus.tenant_id() AND archived_at IS NULL"
    " AND closed_at < now() - make_interval(days => $1)"
    " AND ($2::timestamptz IS NULL OR (closed_at, id) > ($2::timestamptz, $3))"
    " ORDER BY closed_at, id LIMIT $4",
    ("days", "closed_at", "id", "size"),
)
# What somebody is at waits for the next time.
ARCHIVE = Sql(
    "WITH closed AS MATERIALIZED (SELECT id FROM issues WHERE tenant_id = nexus.tenant_id()"
    " AND id = ANY ($1) AND archived_at IS NULL"
    " AND closed_at < now() - make_interval(days => $2) FOR NO KEY UPDATE SKIP LOCKED)"
    " UPDATE issues SET archived_at = now() FROM closed WHERE issues.id = closed.id"
    " AND issues.tenant_id = nexus.tenant_id() RETURNING 1",
    ("ids", "days"),
)


def open_issue(scope: Scope, **given: Any) -> dict[str, Any]:
    """A new issue, as POST /issues makes it of the same members; `issue_type` is a type's key.
    Raises what that raises."""
    return Issues(scope).create(IssueCreate(**given).model_dump())


def hold_issue(scope: Scope, issue_id: str, then: Callable[[bool], object]) -> None:
    """Have an issue held from the next flush on: what is read then nobody changes meanwhile.
    `then` is told whether it is archived, if it is there."""
    scope.run_ahead(HOLD, {"id": issue_id}, lambda rows: rows and then(rows[0][0]))


def update_issue(scope: Scope, issue_id: str, **changes: Any) -> dict[str, Any]:
    """Change an issue, as PATCH /issues/{issue_id} does, whatever version of another record
    If-Match asks for. Raises what that raises."""
    given = IssueUpdate(**changes).model_dump(exclude_unset=True)
    scope.if_match, asked = None, scope.if_match
    try:
        return Issues(scope).update(issue_id, given)
    finally:
        scope.if_match = asked


def closed_before(
    scope: Scope, days: int, after: tuple[str, datetime] | None, size: int
) -> Sequence[tuple[str, datetime]]:
    """Id and closing of issues that were closed so many days ago and are not archived, in the order
    of their closing: those behind `after`, which is one of them."""
    id_, closed_at = after or (None, None)
    asked = {"days": days, "closed_at": closed_at, "id": id_, "size": size}
    return [(found, at) for found, at in scope.run(CLOSED, asked)]


def archive_closed(scope: Scope, ids: Sequence[str], days: int) -> int:
    """Archive those that were closed so many days ago; how many. Whose row somebody holds stays."""
    return len(scope.run(ARCHIVE, {"ids": list(ids), "days": days}))


def attachments_never_uploaded(scope: Scope, after: str, size: int) -> Sequence[str]:
    """Ids of attachments that were asked for a day ago or longer, and of which nobody has seen an
    object: those above `after` in order."""
    return sweep.never_uploaded(scope, after, size)


def forget_never_uploaded(scope: Scope, ids: Sequence[str]) -> int:
    """Remove those attachments of which the store has no object; how many. Raises
    StorageUnavailable."""
    return sweep.forget(scope, ids)


def objects_after(after: str, size: int) -> tuple[Sequence[str], str | None]:
    """Keys of attachments' objects that are a day old or older, of the next so many in the store,
    and the last of these, if there may be more. Raises StorageUnavailable."""
    return sweep.objects_after(after, size)


def unnamed_objects(scope: Scope, keys: Sequence[str]) -> Sequence[str]:
    """Those keys of objects that no attachment names. Leaves the scope in another tenant."""
    return sweep.unnamed(scope, keys)
