"""Who calls, for which tenant, with which rights: the scope that every service works in."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Executable, Result, func, text

from nexus import pg
from nexus.access.tokens import Token
from nexus.problems import NotAllowed, NotAuthenticated, NoTenantSelected, NotFound, Problem
from nexus.settings import settings

ROOT_TENANT_ID = "00000000000000000000000001"

AUTHENTICATE = "SELECT * FROM nexus.authenticate(%s, %s, %s, %s, %s)"
ENTER = text(
    "SELECT set_config('nexus.user_id', coalesce(:user_id, ''), true),"
    " set_config('nexus.tenant_id', coalesce(:tenant_id, ''), true),"
    " set_config('nexus.request_id', :request_id, true)"
)


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
    touched: bool = False  # the session's last_used_at was moved


class Scope:
    """One request's transaction and caller; without a token an anonymous one.

    A read learns who calls in the flush of its first query: if that is nobody, the policies have
    let the query see nothing. What needs to know earlier waits for it alone. Whoever asks may get
    NotAuthenticated, or NotFound if the wanted tenant is out of reach.
    """

    def __init__(
        self,
        connection: Connection,
        request_id: str,
        token: Token | None = None,
        wanted_tenant: str | None = None,
    ) -> None:
        self.connection = connection
        self.request_id = request_id
        self.session_id = token.id if token else ""
        self.if_match: str | None = None
        self.derived_secret: str | None = None  # the same for the same Idempotency-Key and body
        self._token = token
        self._wanted_tenant = wanted_tenant
        self._identity = None if token else Identity()
        self._refusal: Problem | None = None
        self._needs_tenant = False

    @property
    def identity(self) -> Identity:
        if self._identity is None:
            if self._refusal is None:
                rows = self.connection.exec_driver_sql(AUTHENTICATE, self._asked()).all()
                self._learn([list(row) for row in rows])
            self.require_authenticated()
        return self._identity or Identity()

    def require_authenticated(self) -> None:
        """Have the caller known. Raises why not."""
        if self._refusal is not None:
            raise self._refusal
        _ = self._identity or self.identity

    def execute(self, query: Executable) -> Result[Any]:
        """Run a query, learning with it who calls if that is still to be learnt."""
        if self._identity is None and self._refusal is None:
            driver = pg.driver(self.connection)
            driver.send_ahead(AUTHENTICATE, self._asked(), self._learn_or_raise)
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
    def tenant_id(self) -> str:
        """The selected tenant. Raises NoTenantSelected."""
        if self.identity.tenant_id is None:
            raise NoTenantSelected
        return self.identity.tenant_id

    @property
    def tenant(self) -> Any:
        """The selected tenant for a condition: as SQL while it is not known yet."""
        if self._identity is None:
            self._needs_tenant = True
            return func.nexus.tenant_id()
        return self.tenant_id

    @property
    def is_root(self) -> bool:
        return self.tenant_id == ROOT_TENANT_ID

    @property
    def is_root_administrator(self) -> bool:
        return self.identity.is_root_administrator

    def require_administrator(self) -> None:
        if self.tenant_id and not self.identity.is_administrator:
            raise NotAllowed("This takes an administrator of the tenant.")

    def enter(self, *, user_id: str | None = None, tenant_id: str | None = None) -> None:
        """Change the transaction's context: for a user or a tenant that this request makes."""
        known = self.identity
        user_id, tenant_id = user_id or known.user_id, tenant_id or known.tenant_id
        self._identity = replace(known, user_id=user_id, tenant_id=tenant_id)
        context = {"user_id": user_id, "tenant_id": tenant_id, "request_id": self.request_id}
        self.connection.execute(ENTER, context)

    def _asked(self) -> tuple[Any, ...]:
        assert self._token is not None  # noqa: S101 - for the type checker
        token, idle = self._token, settings().session_idle
        return (token.id, token.digest(), self._wanted_tenant, self.request_id, idle)

    def _learn_or_raise(self, rows: list[list[Any]]) -> None:
        self._learn(rows)
        self.require_authenticated()

    def _learn(self, rows: list[list[Any]]) -> None:
        found = Identity(*rows[0]) if rows else None
        if found is None:
            self._refusal = NotAuthenticated()
        elif found.tenant_refused:
            self._refusal = NotFound()
        elif self._needs_tenant and found.tenant_id is None:
            self._refusal = NoTenantSelected()
        else:
            self._identity = found
