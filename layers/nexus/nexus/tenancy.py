"""Who calls, for which tenant, with which rights: the scope that every service works in."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from nexus.problems import NotAllowed, NoTenantSelected, NotFound
from nexus.settings import settings
from nexus.tokens import Token

ROOT_TENANT_ID = "00000000000000000000000001"

AUTHENTICATE = text(
    "SELECT * FROM nexus.authenticate(:token_id, :hash, :wanted_tenant, :request_id, :idle)"
)
ENTER = text(
    "SELECT set_config('nexus.user_id', coalesce(:user_id, ''), true),"
    " set_config('nexus.tenant_id', coalesce(:tenant_id, ''), true),"
    " set_config('nexus.request_id', :request_id, true)"
)


@dataclass(slots=True, kw_only=True)
class Scope:
    """One request's transaction and caller. Without a user_id it is an anonymous one."""

    connection: Connection
    request_id: str
    user_id: str = ""
    session_id: str = ""
    selected_tenant_id: str | None = None
    project_id: str | None = None
    is_administrator: bool = False
    is_root_administrator: bool = False
    tenant_implied: bool = False  # nobody chose the tenant: it is the only one in reach
    touched: bool = False  # authentication moved the session's last_used_at
    if_match: str | None = None
    derived_secret: str | None = None  # the same for the same Idempotency-Key and body

    @property
    def tenant_id(self) -> str:
        """The selected tenant. Raises NoTenantSelected."""
        if self.selected_tenant_id is None:
            raise NoTenantSelected
        return self.selected_tenant_id

    @property
    def is_root(self) -> bool:
        return self.tenant_id == ROOT_TENANT_ID

    def require_administrator(self) -> None:
        if self.tenant_id and not self.is_administrator:
            raise NotAllowed("This takes an administrator of the tenant.")

    def enter(self, *, user_id: str | None = None, tenant_id: str | None = None) -> None:
        """Change the transaction's context: for a user or a tenant that this request makes."""
        self.user_id = user_id or self.user_id
        self.selected_tenant_id = tenant_id or self.selected_tenant_id
        context = {"user_id": self.user_id, "tenant_id": self.selected_tenant_id}
        self.connection.execute(ENTER, {**context, "request_id": self.request_id})


def authenticate(
    connection: Connection, token: Token, wanted_tenant: str | None, request_id: str
) -> Scope | None:
    """The caller's scope in one round trip, None if the token is not good.

    Raises NotFound if the wanted tenant is out of reach.
    """
    asked: dict[str, Any] = {
        "token_id": token.id,
        "hash": token.digest(),
        "wanted_tenant": wanted_tenant,
        "request_id": request_id,
        "idle": settings().session_idle,
    }
    found = connection.execute(AUTHENTICATE, asked).one_or_none()
    if found is None:
        return None
    if found.tenant_refused:
        raise NotFound
    return Scope(
        connection=connection,
        request_id=request_id,
        user_id=found.user_id,
        session_id=token.id,
        selected_tenant_id=found.tenant_id,
        project_id=found.project_id,
        is_administrator=found.is_administrator,
        is_root_administrator=found.is_root_administrator,
        tenant_implied=found.tenant_implied,
        touched=found.touched,
    )
