"""Work in small transactions, until it is done or the time is up."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger
from sqlalchemy.exc import DBAPIError

from nexus import pg, telemetry
from nexus.access.scope import Scope
from nexus.db.engine import engine, problem_of, sqlstate_of
from nexus.db.statements import Sql
from nexus.problems import NotFound, Problem

BATCH = 500
LOST = "08"  # the SQLSTATEs of connections that are no more begin so

type TimeLeft = Callable[[], float]
type Find = Callable[[Scope, Any], "Found"]
type Act = Callable[[Scope, Sequence[str]], int]

# In another order each time, so that runs that have no time for all leave none out for good.
TENANTS = Sql(
    "SELECT id, settings -> $1 FROM tenants WHERE archived_at IS NULL"
    " AND ($1 = '' OR coalesce(settings -> $1, 'null') NOT IN ('null', 'false'))"
    " ORDER BY random()",
    ("setting",),
)

logger = Logger(service="housekeeping")


class Found(NamedTuple):
    """Some ids of what is due, and what to look on after: None where nothing is left."""

    ids: Sequence[str]
    after: Any = None


class Tenant(NamedTuple):
    id: str
    setting: Any  # what it has chosen


class Run:
    """One run of a job, and what comes of it: how much was done, is left, was refused by the rules
    and failed, each by its kind. What is `left` is at least that, unless the run is finished."""

    def __init__(self, time_left: TimeLeft, request_id: str, *, is_dry: bool = False) -> None:
        self.request_id = request_id
        self.is_dry = is_dry
        self.is_finished = True
        self.done: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.broken: list[Exception] = []  # what nobody foresaw
        self.time_left = time_left

    def tenants(self, setting: str = "") -> list[Tenant]:
        """Those that are not archived; of a setting, those that have chosen it."""
        with self.transaction() as scope:
            return [Tenant(*row) for row in scope.run(TENANTS, {"setting": setting})]

    def work(
        self,
        kind: str,
        find: Find,
        act: Act,
        *,
        tenant_id: str = "",
        size: int = BATCH,
        begin: Any = None,
        seconds: float = 0,
    ) -> Any:
        """Do to all that is found, so many at once, as long as more than those `seconds` are left;
        a dry run only counts. What `find` looks on after is first what it shall `begin` with. What
        is refused, or fails alone, does not end it, and what nobody foresaw ends this, not the run.
        What to begin with the next time: None where nothing is left. Raises what leaves nothing to
        work with: no database, no store."""
        self.done[kind] += 0
        after = begin
        try:
            while self._has_time(seconds):
                with self.transaction(tenant_id) as scope:
                    found = find(scope, after)
                for some in batched(found.ids, size, strict=False):
                    if self.is_dry or not self._has_time(seconds):
                        self.left[kind] += len(some)
                    else:
                        self._act(kind, act, some, tenant_id)
                if not self._has_time(seconds):
                    break
                if (after := found.after) is None:
                    return None
        except Exception as failure:
            if _is_for_all(failure):
                raise
            telemetry.request_failed(failure, self.request_id)
            self.broken.append(failure)
        return after

    @contextmanager
    def transaction(self, tenant_id: str = "") -> Iterator[Scope]:
        """Committed at its end; what has to follow in the store comes behind."""
        with engine().begin() as connection:
            scope = Scope.of_job(connection, self.request_id, tenant_id)
            yield scope
            scope.run_all()
        for follow in scope.afterwards:
            follow()

    def _has_time(self, seconds: float) -> bool:
        if self.time_left() <= seconds:
            self.is_finished = False
        return self.is_finished

    def _act(self, kind: str, act: Act, ids: Sequence[str], tenant_id: str) -> None:
        """Where one of several is refused, each is tried alone."""
        try:
            with self.transaction(tenant_id) as scope:
                done = act(scope, ids)
        except (Problem, DBAPIError, pg.Error) as failure:
            if _is_for_all(failure):
                raise
            problem = failure if isinstance(failure, Problem) else problem_of(failure)
            if problem is None:
                raise
            if len(ids) > 1:
                for id_ in ids:
                    self._act(kind, act, [id_], tenant_id)
            else:
                self._note(kind, problem, ids[0], tenant_id)
        else:
            self.done[kind] += done

    def _note(self, kind: str, problem: Problem, id_: str, tenant_id: str) -> None:
        if isinstance(problem, NotFound):  # it has gone meanwhile
            return
        told = self.refused if problem.status < 500 else self.failed
        told[kind] += 1
        logger.info(
            "left as it is",
            extra={"kind": kind, "id": id_, "tenant_id": tenant_id, "problem": problem.type()},
        )


def _is_for_all(failure: Exception) -> bool:
    """Whether it would happen to everything else too."""
    is_away = isinstance(failure, Problem) and failure.status >= 500
    return is_away or (sqlstate_of(failure) or "").startswith(LOST)
