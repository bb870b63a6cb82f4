"""A request's one deadline: each wait for the database gets what is left, and so does COMMIT."""

from contextvars import ContextVar
from time import monotonic, time

from nexus.problems import DeadlineExceeded

# The gateway gives up after 29 s; what is answered later was kept without the caller knowing. Two
# seconds are for the way back, and longer than this no statement may take (roles.sql).
SECONDS = 27.0
# The gateway's clock may be another than ours: however wrong they are, a request has this much.
LEAST_SECONDS = 2.0
TAKEN_AT = "nexus.taken_at"  # in a scope: when a gateway took the request, in seconds since 1970

_began: ContextVar[float | None] = ContextVar("began", default=None)


def begin(taken_at: float | None) -> None:
    """A request begins: now, or when a gateway took it."""
    age = 0.0 if taken_at is None else time() - taken_at
    _began.set(monotonic() - min(max(age, 0.0), SECONDS - LEAST_SECONDS))


def time_left() -> float:
    """Seconds; all of them outside a request. Raises DeadlineExceeded when there are none."""
    began = _began.get()
    left = SECONDS if began is None else began + SECONDS - monotonic()
    if left <= 0:
        raise DeadlineExceeded
    return left
