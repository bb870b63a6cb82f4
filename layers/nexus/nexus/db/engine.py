"""The process's one connection, and what its errors mean to a caller."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from nexus import pg
from nexus.problems import (
    AlreadyExists,
    DeadlineExceeded,
    InUse,
    Problem,
    Unavailable,
    ValidationFailed,
    error,
    problem_types,
)
from nexus.settings import settings

# https://www.postgresql.org/docs/16/errcodes-appendix.html
UNIQUE, FOREIGN_KEY = "23505", "23503"
CANCELLED, LOCK_TIMEOUT = "57014", "55P03"
# Longer than any statement may take, shorter than the gateway waits.
ANSWER_SECONDS = 28.0
TAKE_TURNS = ("40001", "40P01")  # serialization failure, deadlock


@lru_cache
def engine() -> Engine:
    """Connects on first use; one connection, for one request is served at a time."""
    config = settings()
    if config.database_iam:
        from nexus.db.iam import create_engine

        return create_engine(config.database_url, ANSWER_SECONDS)
    return pg.create_engine(config.database_url, timeout=ANSWER_SECONDS)


def is_lost(failure: DBAPIError) -> bool:
    """Whether the connection died, so that a transaction that was not committing left no trace."""
    return failure.connection_invalidated or isinstance(failure.orig, pg.Disconnected)


def problem_of(failure: DBAPIError) -> Problem | None:
    """The situation that a database error is, or None for a bug."""
    cause: Any = failure.orig
    if is_lost(failure):
        return Unavailable()
    if isinstance(cause, pg.UnencodableText):
        return ValidationFailed(error("", "text holds a character that cannot be stored"))
    state, constraint = getattr(cause, "sqlstate", None), getattr(cause, "constraint", None) or ""
    if state in (CANCELLED, LOCK_TIMEOUT):
        return DeadlineExceeded()
    if state in TAKE_TURNS:
        return Unavailable("Another request changed the same records at once. Nothing was changed.")
    is_delete = (failure.statement or "").startswith("DELETE")
    return _violation(state, constraint, getattr(cause, "table", None) or "", is_delete=is_delete)


def _violation(
    state: str | None, constraint: str, table: str, *, is_delete: bool
) -> Problem | None:
    for situation in problem_types():
        if constraint in situation.constraints:
            return situation()
    column = constraint.partition(f"_{table}_")[2]
    if state == UNIQUE and constraint.startswith("uq_"):
        told = f"a record with this {column.replace('_', ' ')} exists already"
        return AlreadyExists(told.capitalize() + ".", errors=[error(column, told)])
    if state == FOREIGN_KEY and constraint.startswith("fk_"):
        # A record was written as what it refers to went, or the other way round.
        gone = ValidationFailed(error(column, "there is no such record any more"))
        return InUse() if is_delete else gone
    return None
