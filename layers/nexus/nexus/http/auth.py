"""Who calls: every route depends on `Caller` (signed in) or on `Anyone`."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from nexus.access.scope import Scope
from nexus.access.tokens import Token
from nexus.http import idempotency
from nexus.http.unit_of_work import Work, work_of
from nexus.problems import MalformedRequest, NotAuthenticated, NotFound, RecordArchived
from nexus.records.etags import read_tags
from nexus.records.fields import invalid
from nexus.records.query import parse_query
from nexus.records.schemas import is_ulid

NO_TENANT = "-"  # not sent as it came: it may hold what the database cannot read
# Where a request does not write in the selected tenant, or is about the tenant itself.
OUTSIDE_TENANT = ("me", "tenants")
# Two of one are a mistake, or somebody's who hopes that two readers take different ones.
SINGLE_HEADERS = (b"authorization", b"x-tenant-id", b"idempotency-key", b"content-type")
UNKNOWN_TENANT = "The tenant that X-Tenant-Id names does not exist, or it is out of your reach."
bearer = OAuth2PasswordBearer(
    tokenUrl="me/signin", auto_error=False, scheme_name="bearer", description="POST /me/signin"
)


async def signed_in(request: Request) -> Scope:
    """For the tenant of X-Tenant-Id, else the session's. What it reads is documented in `openapi`:
    as parameters FastAPI would analyse it for each route, and solve it for each request."""
    return await _enter(request, request.headers.get("x-tenant-id"), NotFound(UNKNOWN_TENANT))


async def signed_in_to_path(request: Request) -> Scope:
    """A tenant in the path is the tenant of the request: out of reach, it does not exist."""
    return await _enter(request, request.path_params["tenant_id"], NotFound())


async def _enter(request: Request, wanted: str | None, refusal: NotFound) -> Scope:
    _refuse_repeated(request)
    work = work_of(request)
    token = await bearer(request)
    parsed = Token.parse(token) if token else None
    if parsed is None:
        raise NotAuthenticated
    if wanted is not None and not is_ulid(wanted):
        wanted = NO_TENANT
    scope = Scope(work.connect(), work.request_id, parsed, wanted, refusal)
    if request.method != "GET":
        if request.scope["query_string"]:
            scope.require_authenticated()
            _refuse_parameters(request)
        scope.if_match = _if_match(request)
        if _is_of_tenant(request):
            scope.when_known(lambda: _refuse_archived(scope))
    return _prepare(request, work, scope)


def _is_of_tenant(request: Request) -> bool:
    return request.scope["path"].split("/")[1] not in OUTSIDE_TENANT


def _refuse_archived(scope: Scope) -> None:
    if scope.identity.tenant_archived:
        raise RecordArchived("The tenant is archived: restore it first.")


async def anyone(request: Request) -> Scope:
    _refuse_repeated(request)
    _refuse_parameters(request)
    work = work_of(request)
    return _prepare(request, work, Scope(work.connect(), work.request_id))


async def nobody(request: Request) -> None:
    """For routes that answer everybody and touch no data."""
    _refuse_parameters(request)


def _refuse_parameters(request: Request) -> None:
    """For what reads no query: a parameter that did nothing would be believed to do something."""
    if raw := request.scope["query_string"]:
        name = next(iter(parse_query(raw)), raw.decode("latin-1"))
        raise invalid(name[:100], "there is no such parameter, this takes none")


def _refuse_repeated(request: Request) -> None:
    names = [name for name, _ in request.scope["headers"]]
    for name in SINGLE_HEADERS:
        if names.count(name) > 1:
            given = name.decode().title()
            raise MalformedRequest(f"The header {given} is given twice: send one.")


def _if_match(request: Request) -> frozenset[str] | None:
    given = request.headers.getlist("if-match")
    try:
        return read_tags(",".join(given)) if given else None
    except ValueError as failure:
        raise MalformedRequest(f"If-Match {failure}.") from None


def _prepare(request: Request, work: Work, scope: Scope) -> Scope:
    work.scope = scope
    scope.address = request.client.host if request.client else ""
    if work.unreadable:
        raise work.unreadable
    key = request.headers.get("idempotency-key")
    if key is not None and request.method == "POST":
        path = request.url.path
        scope.seed = idempotency.claim_ahead(
            scope, key, path, work.body, work.claimed, is_of_tenant=_is_of_tenant(request)
        )
    return scope


Caller = Annotated[Scope, Depends(signed_in)]
TenantCaller = Annotated[Scope, Depends(signed_in_to_path)]
Anyone = Annotated[Scope, Depends(anyone)]
Nobody = Depends(nobody)
