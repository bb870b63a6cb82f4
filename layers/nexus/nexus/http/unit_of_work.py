"""One request's transaction: opened by its first statement, ended before the answer is sent."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from starlette.requests import Request
from starlette.responses import Response

from nexus import pg, telemetry
from nexus.access.scope import Scope
from nexus.db.engine import engine
from nexus.http import idempotency
from nexus.problems import Problem, Unavailable


@dataclass(slots=True)
class Work:
    """`unreadable` is what is wrong with the body; who may not call is told that first."""

    request_id: str
    body: bytes = b""
    unreadable: Problem | None = None
    connection: Connection | None = None
    scope: Scope | None = None
    claim: idempotency.Claim | None = None

    @property
    def tenant_id(self) -> str | None:
        """For the log: the tenant, if it came to be known."""
        return self.scope.known_tenant_id if self.scope else None

    def connect(self) -> Connection:
        """Raises Unavailable where one connection after another dies."""
        if self.connection is None:
            try:
                self.connection = engine().connect()
            except InvalidRequestError as failure:
                raise Unavailable from failure
        return self.connection

    def finish(self, *, is_read: bool, response: Response) -> None:
        """Keep what was written. A read that noted nothing has nothing to wait for."""
        if self.connection is None:
            return
        if self.scope:
            self.scope.run_all()  # also where a route asked the database nothing
        if not is_read:
            self.commit(response)
        elif self.scope and self.scope.has_noted:
            self._commit_note()
        if self.scope and self.scope.is_session_due:
            pg.driver(self.connection).run_later(*self.scope.session_use())
        if self.scope and not is_read:
            self._do_afterwards(self.scope)

    def claimed(self, claim: idempotency.Claim) -> None:
        self.claim = claim

    def commit(self, response: Response) -> None:
        """The answer to a request with an Idempotency-Key is kept in the flush of the COMMIT."""
        if self.connection is not None:
            driver, last = pg.driver(self.connection), []
            if self.claim and self.scope:
                kept = idempotency.keeping(self.claim, response, self.scope)
                last = [driver.statement(idempotency.KEEP.text, kept)]
            driver.commit(last)

    def _commit_note(self) -> None:
        assert self.connection is not None  # noqa: S101 - for the type checker
        try:
            pg.driver(self.connection).commit()
        except (DBAPIError, pg.Error) as failure:
            telemetry.left_undone("commit of a note", failure, self.request_id)

    def _do_afterwards(self, scope: Scope) -> None:
        for act in scope.afterwards:
            try:
                act()
            except Exception as failure:  # noqa: BLE001 - what was written is kept, whatever this is
                telemetry.left_undone("after commit", failure, self.request_id)

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def work_of(request: Request) -> Work:
    work: Work = request.scope["nexus.work"]
    return work
