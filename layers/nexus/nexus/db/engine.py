"""The process's one connection, and what its errors mean to a caller."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from nexus import pg
from nexus.db.deadline import time_left
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
TAKE_TURNS = ("40001", "40P01")  # serialization failure, deadlock
# Connections, resources, what an operator or a crash does, the system beneath.
OUT_OF_SERVICE = ("08", "53", "57", "58")
UNCERTAIN = (
    "The database did not say whether it kept the change: look whether it did, or repeat the"
    " request with the Idempotency-Key that it had."
)


@lru_cache
def engine() -> Engine:
    """Connects on first use; one connection, for one request is served at a time."""
    config = settings()
    if config.database_iam:
        from nexus.db.iam import create_engine

        return create_engine(config.database_url)
    return pg.create_engine(config.database_url, time_left=time_left)


def is_repeatable(failure: Exception) -> bool:
    """Whether a connection died, perhaps long before, and its transaction certainly with it. Where
    its time was up there is none for a second try either."""
    cause = _cause(failure)
    return isinstance(cause, pg.Disconnected) and not cause.is_uncertain


def problem_of(failure: Exception) -> Problem | None:
    """The situation that a database error is, or None for a bug."""
    cause, state = _cause(failure), sqlstate_of(failure)
    if isinstance(cause, pg.UnencodableText):
        return ValidationFailed(error("", "text holds a character that cannot be stored"))
    if isinstance(cause, pg.Disconnected) and cause.is_uncertain:
        return Unavailable(UNCERTAIN)
    if isinstance(cause, pg.TimedOut) or state in (CANCELLED, LOCK_TIMEOUT):
        return DeadlineExceeded()
    if state in TAKE_TURNS:
        return Unavailable("Another request changed the same records at once. Nothing was changed.")
    is_unconnected = isinstance(cause, pg.NotConnected | pg.Disconnected)
    if is_unconnected or (state or "").startswith(OUT_OF_SERVICE):
        return Unavailable()
    constraint = getattr(cause, "constraint", None) or ""
    is_delete = (getattr(cause, "statement", None) or "").startswith("DELETE")
    return _violation(state, constraint, getattr(cause, "table", None) or "", is_delete=is_delete)


def sqlstate_of(failure: BaseException | None) -> str | None:
    """The code of what the database or the driver said, if the failure is theirs."""
    return getattr(_cause(failure), "sqlstate", None)


def _cause(failure: BaseException | None) -> Any:
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
