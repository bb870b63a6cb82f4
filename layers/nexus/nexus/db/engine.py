"""The process's one connection, and what its errors mean to a caller."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from nexus import pg
from nexus.problems import (
    BY_CONSTRAINT,
    AlreadyExists,
    DeadlineExceeded,
    InUse,
    Problem,
    Unavailable,
    ValidationFailed,
    error,
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


def is_lost(failure: Exception) -> bool:
    """Whether the connection died, so that a transaction that was not committing left no trace."""
    return isinstance(_cause(failure), pg.Disconnected)


def problem_of(failure: Exception) -> Problem | None:
    """The situation that a database error is, or None for a bug."""
    cause: Any = _cause(failure)
    if is_lost(failure):
        return Unavailable()
    if isinstance(cause, pg.UnencodableText):
        return ValidationFailed(error("", "text holds a character that cannot be stored"))
    state, constraint = getattr(cause, "sqlstate", None), getattr(cause, "constraint", None) or ""
    if state in (CANCELLED, LOCK_TIMEOUT):
        return DeadlineExceeded()
    if state in TAKE_TURNS:
        return Unavailable("Another request changed the same records at once. Nothing was changed.")
    is_delete = (getattr(cause, "statement", None) or "").startswith("DELETE")
    return _violation(state, constraint, getattr(cause, "table", None) or "", is_delete=is_delete)


def _cause(failure: Exception) -> Any:
    """What the driver raised."""
    return failure.orig if isinstance(failure, DBAPIError) else failure


def _violation(
    state: str | None, constraint: str, table: str, *, is_delete: bool
) -> Problem | None:
    if constraint in BY_CONSTRAINT:
        return BY_CONSTRAINT[constraint]()
    column = constraint.partition(f"_{table}_")[2]
    if state == UNIQUE and constraint.startswith("uq_"):
        told = f"a record with this {column.replace('_', ' ')} exists already"
        return AlreadyExists(told.capitalize() + ".", errors=[error(column, told)])
    if state == FOREIGN_KEY and constraint.startswith("fk_"):
        # A record was written as what it refers to went, or the other way round.
        gone = ValidationFailed(error(column, "there is no such record any more"))
        return InUse() if is_delete else gone
    return None
