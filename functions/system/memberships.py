"""Who is in a group: users and nested groups."""

from typing import Annotated, Self

from fastapi import Request
from pydantic import StringConstraints, model_validator
from sqlalchemy import func, select
from starlette.responses import Response

from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import id_in
from nexus.http.routing import resource_router
from nexus.problems import Conflict, RecordArchived, ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Id, TenantRead
from system.groups import Groups
from system.reads import GROUP, USER
from system.tables import memberships

PATH = "/groups/{group_id}/memberships"
MEMBERSHIP = f"{PATH}/{{membership_id}}"
ONE_OF = ("user_id", "username", "email", "member_group_id")
Folded = Annotated[
    str, StringConstraints(to_lower=True, strip_whitespace=True, min_length=1, max_length=254)
]


class MembershipRead(TenantRead):
    group_id: str
    user_id: str | None
    member_group_id: str | None


class MembershipCreate(Body):
    """A user of the tenant by id, any user by exact username or email, or a group to nest."""

    user_id: Id | None = None
    username: Folded | None = None
    email: Folded | None = None
    member_group_id: Id | None = None

    @model_validator(mode="after")
    def one_member(self) -> Self:
        if sum(getattr(self, name) is not None for name in ONE_OF) != 1:
            raise ValueError(f"give exactly one of {', '.join(ONE_OF)}")
        return self


class AlreadyMember(Conflict):
    """This user or group is a member already."""

    constraints = ("uq_memberships_user_id", "uq_memberships_member_group_id")


class NestingCycle(Conflict):
    """A group would be, through nesting, its own member."""

    constraints = ("ck_memberships_no_cycle",)


class LastAdministrator(Conflict):
    """A tenant keeps at least one active administrator."""

    constraints = ("ck_tenants_administrator",)


class Memberships(CrudService):
    table = memberships
    read = MembershipRead
    references = {"group_id": GROUP, "user_id": USER, "member_group_id": GROUP}

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def add(self, group_id: str, body: MembershipCreate) -> Record:
        self.authorize_write()
        group = Groups(self.scope).find(group_id)
        user_id = body.user_id or self._user_named(body)
        values = {"user_id": user_id, "member_group_id": body.member_group_id}
        # Whom a name found may belong elsewhere; an id has to be the tenant's own.
        self.check_references({**values, "user_id": body.user_id})
        if group["archived_at"]:
            raise RecordArchived
        return self.insert({"tenant_id": self.scope.tenant_id, "group_id": group_id, **values})

    def remove_from(self, group_id: str, membership_id: str) -> None:
        self.authorize_write()
        Groups(self.scope).find(group_id)
        self.remove(self.lock(membership_id, self.table.c.group_id == group_id))

    def _user_named(self, body: MembershipCreate) -> str | None:
        name = body.username or body.email
        if name is None:
            return None
        found = self.scope.connection.scalar(select(func.nexus.find_user(name)))
        if found is None:
            raise ValidationFailed(
                error(
                    "username" if body.username else "email", "there is no active user of this name"
                )
            )
        return str(found)


router = resource_router()


@router.get(PATH, **openapi.listed(PATH, Memberships, "memberships.list"))
async def list_memberships(request: Request, scope: Caller) -> Response:
    group_id = id_in(request, "group_id")
    Groups(scope).find(group_id)
    within = memberships.c.group_id == group_id
    return responses.page(
        request, Memberships(scope).list(request.query_params.multi_items(), within)
    )


@router.post(PATH, status_code=201, **openapi.operation(PATH, "memberships.create", MembershipRead))
async def add_membership(request: Request, scope: Caller, body: MembershipCreate) -> Response:
    group_id = id_in(request, "group_id")
    record = Memberships(scope).add(group_id, body)
    return responses.record(request, record, 201, f"/groups/{group_id}/memberships/{record['id']}")


@router.delete(MEMBERSHIP, status_code=204, **openapi.operation(MEMBERSHIP, "memberships.delete"))
async def remove_membership(request: Request, scope: Caller) -> Response:
    group_id, membership_id = id_in(request, "group_id"), id_in(request, "membership_id")
    Memberships(scope).remove_from(group_id, membership_id)
    return responses.nothing()
