"""Who calls, for which tenant, with which rights: the scope that every service works in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv6Network
from typing import Any

from sqlalchemy import Connection, Executable, Result

from nexus import pg
from nexus.access.tokens import Token
from nexus.db.statements import NO_VALUES, Sql, Values
from nexus.problems import NotAllowed, NotAuthenticated, NoTenantSelected, NotFound, Problem
from nexus.settings import settings

ROOT_TENANT_ID = "01KDVDNA000000000000000001"

Rows = list[list[Any]]
# A session is found by any of the hashes that its token may have.
AUTHENTICATE = Sql(
    "SELECT a.* FROM unnest($2::bytea[]) AS hash, nexus.authenticate($1, hash, $3, $4, $5) AS a"
)
NOTE_USE = Sql("SELECT nexus.note_use($1, hash, $3) FROM unnest($2::bytea[]) AS hash")
ENTER = Sql("SELECT nexus.enter($1, $2, $3)", ("user_id", "tenant_id", "request_id"))


@dataclass(frozen=True, slots=True)
class Identity:
    """What authentication tells, in the order of its columns."""

    user_id: str = ""
    tenant_id: str | None = None
    project_id: str | None = None
    is_administrator: bool = False
    is_root_administrator: bool = False
    tenant_refused: bool = False
    tenant_archived: bool = False
    tenant_implied: bool = False  # nobody chose the tenant: it is the only one in reach
    session_due: bool = False  # its last use was noted a minute ago or longer


class Scope:
    """One request's transaction and caller; without a token an anonymous one.

    A request learns who calls in the flush of its first statement: if that is nobody, the policies
    have let the statement see and write nothing. Rules about the caller are given to `when_known`,
    which looks at them before any other result of that flush. What needs to know earlier waits for
    it alone. Whoever asks may get NotAuthenticated, or NotFound if the wanted tenant is out of
    reach.
    """

    def __init__(
        self,
        connection: Connection,
        request_id: str,
        token: Token | None = None,
        wanted_tenant: str | None = None,
        tenant_refusal: Problem | None = None,
    ) -> None:
        self.connection = connection
        self.driver = pg.driver(connection)
        self.request_id = request_id
        self.session_id = token.id if token else ""
        self.address = ""  # where the request comes from
        self.if_match: frozenset[str] | None = None  # tags, or *
        self.seed: str | None = None  # the same for the same Idempotency-Key and body
        # An answer kept for a retry lives with a session, or while a tenant is in reach.
        self.answer_session_id: str | None = None
        self.answer_tenant_id: str | None = None
        self.has_noted = False  # a read wrote something, which is kept if it can be
        self.afterwards: list[Callable[[], object]] = []
        self._token = token
        self._wanted_tenant = wanted_tenant
        self._tenant_refusal = tenant_refusal or NotFound()
        self._identity = None if token else Identity()
        self._refusal: Problem | None = None
        self._rules: list[Callable[[], object]] = []

    @classmethod
    def of_job(cls, connection: Connection, request_id: str, tenant_id: str) -> "Scope":
        """Nobody's, at work in a tenant or, without one, in what belongs to none."""
        scope = cls(connection, request_id)
        scope._identity = Identity(tenant_id=tenant_id or None, is_administrator=True)
        scope.enter()
        return scope

    @property
    def network(self) -> str:
        """What guesses and sign-ups are counted for: an address, or the /64 that one customer has
        of the sixth version (RFC 6177)."""
        if ":" not in self.address:
            return self.address
        return str(IPv6Network((self.address.partition("%")[0], 64), strict=False))

    @property
    def identity(self) -> Identity:
        if self._identity is None:
            self.require_authenticated()
        assert self._identity is not None  # noqa: S101 - for the type checker
        return self._identity

    def require_authenticated(self) -> None:
        """Have the caller known. Raises why not."""
        if self._refusal is not None:
            raise self._refusal
        if self._identity is None:
            self._authenticate_ahead()
            self.driver.run()

    def when_known(self, rule: Callable[[], object]) -> None:
        """Apply a rule about the caller: now, or as soon as it is learnt who calls."""
        if self._identity is None and self._refusal is None:
            self._rules.append(rule)
        else:
            self.require_authenticated()
            rule()

    def run(self, sql: Sql, values: Values = NO_VALUES) -> Rows:
        """A statement's rows."""
        (rows,) = self.run_all((sql, values))
        return rows

    def run_all(self, *statements: tuple[Sql, Values]) -> list[Rows]:
        """The rows of each statement; all go out in one flush."""
        self._authenticate_ahead()
        sent = [self.driver.statement(sql.text, sql.arguments(v)) for sql, v in statements]
        self.driver.run(sent)
        return [statement.rows or [] for statement in sent]

    def run_ahead(
        self, sql: Sql, values: Values, then: Callable[[Rows], object] = lambda _: None
    ) -> None:
        """Send a statement in the flush of the next; `then` gets its rows first, and may raise."""
        self._authenticate_ahead()
        self.driver.send_ahead(sql.text, sql.arguments(values), then)

    def note(self, sql: Sql, values: Values) -> None:
        """Have a read write something in its next flush. Where its COMMIT fails the answer stands:
        the next read finds it out anew."""
        self.run_ahead(sql, values)
        self.has_noted = True

    def after_commit(self, act: Callable[[], object]) -> None:
        """Have something done outside the database, once what this request writes is kept, and not
        if it is not. Where that fails the answer stands, and it is logged."""
        self.afterwards.append(act)

    def execute(self, query: Executable) -> Result[Any]:
        """Run a query that is built for this request alone."""
        self._authenticate_ahead()
        return self.connection.execute(query)

    @property
    def user_id(self) -> str:
        return self.identity.user_id

    @property
    def selected_tenant_id(self) -> str | None:
        return self.identity.tenant_id

    @property
    def known_tenant_id(self) -> str | None:
        return self._identity.tenant_id if self._identity else None

    @property
    def is_session_due(self) -> bool:
        return self._identity is not None and self._identity.session_due

    def session_use(self) -> tuple[str, list[Any]]:
        """What notes that the session is in use: after the request's own transaction, which would
        hold the session's row against whoever ends it."""
        assert self._token is not None  # noqa: S101 - for the type checker
        return NOTE_USE.text, [self._token.id, self._token.digests(), settings().session_idle]

    @property
    def tenant_id(self) -> str:
        """The selected tenant. Raises NoTenantSelected."""
        if self.identity.tenant_id is None:
            raise NoTenantSelected
        return self.identity.tenant_id

    @property
    def is_root(self) -> bool:
        return self.tenant_id == ROOT_TENANT_ID

    @property
    def is_root_administrator(self) -> bool:
        return self.identity.is_root_administrator

    def require_tenant(self) -> None:
        """Raises NoTenantSelected."""
        self.when_known(lambda: self.tenant_id)

    def require_administrator(self) -> None:
        """Raises NotAllowed."""
        self.when_known(self._refuse_others)

    def require_self(self, user_id: str, refusal: str) -> None:
        """Raises NotAllowed for whoever is neither this user nor an administrator."""
        if user_id != self.user_id and not self.identity.is_administrator:
            raise NotAllowed(refusal)

    def enter(self, *, user_id: str | None = None, tenant_id: str | None = None) -> None:
        """Change the transaction's context: for a user or a tenant that this request makes."""
        known = self.identity
        user_id, tenant_id = user_id or known.user_id, tenant_id or known.tenant_id
        self._identity = replace(known, user_id=user_id, tenant_id=tenant_id)
        context = {"user_id": user_id, "tenant_id": tenant_id or "", "request_id": self.request_id}
        self.run_ahead(ENTER, context)

    def _refuse_others(self) -> None:
        if self.tenant_id and not self.identity.is_administrator:
            raise NotAllowed("This takes an administrator of the tenant.")

    def _authenticate_ahead(self) -> None:
        if self._identity is not None or self._token is None or self.driver.has_ahead:
            return
        token, idle = self._token, settings().session_idle
        asked = (token.id, token.digests(), self._wanted_tenant, self.request_id, idle)
        self.driver.send_ahead(AUTHENTICATE.text, asked, self._learn)

    def _learn(self, rows: Sequence[Sequence[Any]]) -> None:
        """Raises why the caller may not go on."""
        found = Identity(*rows[0]) if rows else None
        if found is None:
            self._refusal = NotAuthenticated()
        elif found.tenant_refused:
            self._refusal = self._tenant_refusal
        else:
            self._identity = found
        rules, self._rules = self._rules, []
        self.require_authenticated()
        for rule in rules:
            rule()
