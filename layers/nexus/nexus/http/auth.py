"""Who calls: every route depends on `Caller` (signed in) or on `Anyone`."""

from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer

from nexus.access.scope import Scope
from nexus.access.tokens import Token
from nexus.http import idempotency
from nexus.http.unit_of_work import Work, work_of
from nexus.problems import NotAuthenticated, RecordArchived
from nexus.records.schemas import is_ulid

NO_TENANT = "-"  # not sent as it came: it may hold what the database cannot read
# Where a request does not write in the selected tenant, or is about the tenant itself.
OUTSIDE_TENANT = ("/me", "/tenants")
bearer = OAuth2PasswordBearer(
    tokenUrl="me/signin", auto_error=False, scheme_name="bearer", description="POST /me/signin"
)
Bearer = Annotated[str | None, Depends(bearer)]
WantedTenant = Annotated[
    str | None, Header(description="The tenant of this request, instead of the session's.")
]
IfMatch = Annotated[str | None, Header(description="The version that may be changed, as in ETag.")]
IdempotencyKey = Annotated[
    str | None, Header(description="Makes a retry within 24 hours safe: it gets the first answer.")
]


async def signed_in(request: Request, token: Bearer, x_tenant_id: WantedTenant = None) -> Scope:
    work = work_of(request)
    parsed = Token.parse(token) if token else None
    if parsed is None:
        raise NotAuthenticated
    # A tenant in the path is the tenant of the request: out of reach, it does not exist.
    wanted = request.path_params.get("tenant_id", x_tenant_id)
    if wanted is not None and not is_ulid(wanted):
        wanted = NO_TENANT
    scope = Scope(work.connect(), work.request_id, parsed, wanted)
    if request.method != "GET":
        scope.require_authenticated()
        if scope.identity.tenant_archived and not request.url.path.startswith(OUTSIDE_TENANT):
            raise RecordArchived("The tenant is archived: restore it first.")
    return _prepare(request, work, scope)


async def anyone(request: Request) -> Scope:
    work = work_of(request)
    return _prepare(request, work, Scope(work.connect(), work.request_id))


async def nobody() -> None:
    """For routes that answer everybody and touch no data."""


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def _prepare(request: Request, work: Work, scope: Scope) -> Scope:
    work.scope = scope
    scope.if_match = request.headers.get("if-match")
    if work.unreadable:
        raise work.unreadable
    key = request.headers.get("idempotency-key")
    if key is not None and request.method == "POST":
        # An implied tenant is another after the very request that is retried: POST /tenants.
        tenant = "" if scope.identity.tenant_implied else scope.selected_tenant_id or ""
        caller = scope.user_id or f"anyone at {address_of(request)}"
        place = (caller, tenant, request.url.path)
        work.claim = idempotency.claim(scope.connection, key, place, work.body)
        scope.derived_secret = work.claim.secret
    return scope


Caller = Annotated[Scope, Depends(signed_in)]
Anyone = Annotated[Scope, Depends(anyone)]
Nobody = Depends(nobody)
