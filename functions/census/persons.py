"""Persons: one record for each human, whatever names they go by."""

from datetime import datetime

from fastapi import Request
from starlette.responses import Response
from ulid import ULID

from census.identities.schemas import IdentityCreate, IdentityRead
from census.identities.service import Identities
from census.reads import IDENTITY, identities_by_id
from census.tables import identities, persons
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import crud_router, id_in
from nexus.problems import (
    Conflict,
    NotFound,
    RecordArchived,
    ReferenceArchived,
    ValidationFailed,
    error,
)
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Id, Name, TenantRead, unset
from system.reads import USER

PERSON = "/persons/{person_id}"
CURRENT = f"{PERSON}/current-identity"


class PersonRead(TenantRead):
    current_identity_id: str | None
    user_id: str | None
    external_id: str | None
    archived_at: datetime | None


class PersonCreate(Body):
    """The identity becomes the current one."""

    external_id: Name | None = None
    user_id: Id | None = None
    identity: IdentityCreate | None = None


class PersonUpdate(Body):
    external_id: Name | None = unset()
    user_id: Id | None = unset()


class CurrentIdentity(Body):
    identity_id: Id


class IdentityInactive(Conflict):
    """The current identity has to be active."""

    constraints = ("ck_persons_current_identity_id",)


class UserOutOfReach(ValidationFailed):
    """The user does not belong to the tenant."""

    constraints = ("ck_persons_user_id",)

    def __init__(self) -> None:
        super().__init__(error("user_id", "there is no such record"))


class Persons(CrudService):
    table = persons
    read = PersonRead
    references = {"user_id": USER, "current_identity_id": IDENTITY}

    def create(self, values: Record) -> Record:
        """A person and, at once, the first identity."""
        identity = values.pop("identity")
        if identity is None:
            return super().create(values)
        self.authorize_write()
        self.check_references(values)
        tenant = {"tenant_id": self.scope.tenant_id}
        identity_id = str(ULID())
        person = self.insert({**tenant, **values, "current_identity_id": identity_id})
        first = identities.insert().values(
            id=identity_id, person_id=person["id"], **tenant, **identity
        )
        self.scope.connection.execute(first)
        return person

    def current_identity_id(self, person_id: str) -> str:
        """Raises NotFound, also if there is none."""
        found = self.find(person_id, [("fields", "current_identity_id")])
        identity_id: str | None = found["current_identity_id"]
        if identity_id is None:
            raise NotFound("The person has no current identity.")
        return identity_id

    def set_current_identity(self, person_id: str, identity_id: str) -> Record:
        """Raises ValidationFailed if it is not the person's own, IdentityInactive."""
        self.authorize_write()
        person = self.lock(person_id)
        identity = identities_by_id(self.scope, [identity_id]).get(identity_id)
        if identity is None or identity.person_id != person_id:
            raise ValidationFailed(error("identity_id", "the person has no such identity"))
        if person["archived_at"]:
            raise RecordArchived
        if identity.archived_at:
            raise ReferenceArchived("identity_id")
        if identity.deactivated_at:
            raise IdentityInactive("Activate the identity first.")
        return self.write(person, {"current_identity_id": identity_id})


router = crud_router(Persons, PERSON, PersonCreate, PersonUpdate)


@router.get(CURRENT, **openapi.operation(CURRENT, "current_identity.get", IdentityRead, Identities))
async def get_current_identity(request: Request, scope: Caller) -> Response:
    identity_id = Persons(scope).current_identity_id(id_in(request, "person_id"))
    found = Identities(scope).find(identity_id, request.query_params.multi_items())
    return responses.record(request, found, of=identity_id)


@router.post(CURRENT, **openapi.operation(CURRENT, "current_identity.set", PersonRead))
async def set_current_identity(request: Request, scope: Caller, body: CurrentIdentity) -> Response:
    person_id = id_in(request, "person_id")
    return responses.record(
        request, Persons(scope).set_current_identity(person_id, body.identity_id)
    )
