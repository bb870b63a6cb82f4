"""A request's one deadline: each wait for the database gets what is left, and so does COMMIT."""

from contextvars import ContextVar
from time import monotonic, time

from nexus.problems import DeadlineExceeded

GATEWAY_SECONDS = 29  # the most that API Gateway waits
# What is kept after the gateway gave up was kept against its word. Two seconds are for the way
# back; the limits of the database's roles lie around this (roles.sql).
SECONDS = GATEWAY_SECONDS - 2.0
LEAST_SECONDS = 2.0  # for a request that seems to be late: the gateway's clock may be the wrong one
TAKEN_AT = "nexus.taken_at"  # in a scope: when a gateway took the request, in seconds since 1970

_began: ContextVar[float | None] = ContextVar("began", default=None)


def begin(taken_at: float | None) -> None:
    """A request begins: when a gateway took it, or now if that is not told or cannot be."""
    age = 0.0 if taken_at is None else time() - taken_at
    if not 0 <= age <= GATEWAY_SECONDS:  # the gateway would not have sent it: the clocks differ
        age = 0.0
    _began.set(monotonic() - min(age, SECONDS - LEAST_SECONDS))


def time_left() -> float:
    """Seconds; all of them outside a request. Raises DeadlineExceeded when there are none."""
    began = _began.get()
    left = SECONDS if began is None else began + SECONDS - monotonic()
    if left <= 0:
        raise DeadlineExceeded
    return left
