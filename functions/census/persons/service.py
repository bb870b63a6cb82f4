"""Persons: one record for each human, whatever names they go by."""

from sqlalchemy import bindparam
from ulid import ULID

from census.persons.identities import require_name
from census.persons.schemas import PersonRead
from census.reads import IDENTITY
from census.tables import identities, persons
from nexus.db.statements import Sql, compiled, remembered
from nexus.problems import (
    Conflict,
    RecordArchived,
    ReferenceArchived,
    ValidationFailed,
    error,
)
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.references import own_tenant
from system.reads import USER


@remembered
def first_identity() -> Sql:
    """An identity that goes before its person, so that the person is named at once."""
    c = identities.c
    names = ("id", "person_id", "is_current", "first_name", "middle_name", "last_name",
             "preferred_name")  # fmt: skip
    bound = {name: bindparam(f"new_{name}", type_=c[name].type) for name in names}
    return compiled(identities.insert().values(tenant_id=own_tenant, **bound))


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
    path = "/persons/{person_id}"
    references = {"user_id": USER, "current_identity_id": IDENTITY}

    def create(self, values: Record) -> Record:
        """A person and, at once, the first identity."""
        identity = values.pop("identity", None)
        if identity is None:
            return super().create(values)
        require_name(identity, "identity/")
        self.authorize_write()
        self.check_references(values)
        person_id = values.get("id") or str(ULID())
        first = {"id": str(ULID()), "person_id": person_id, "is_current": True, **identity}
        self.scope.run_ahead(
            first_identity(), {f"new_{name}": value for name, value in first.items()}
        )
        return self.insert({"id": person_id, **values, "current_identity_id": first["id"]})

    def set_current_identity(self, person_id: str, identity_id: str) -> Record:
        """Raises ValidationFailed if it is not the person's own, IdentityInactive."""
        self.authorize_write()
        person = self.lock(person_id)
        identity = IDENTITY.load(self.scope, [identity_id]).get(identity_id)
        if identity is None or identity.person_id != person_id:
            raise ValidationFailed(error("identity_id", "the person has no such identity"))
        if person["archived_at"]:
            raise RecordArchived
        if identity.archived_at:
            raise ReferenceArchived("identity_id")
        if identity.deactivated_at:
            raise IdentityInactive("Activate the identity first.")
        if person["current_identity_id"] == identity_id:
            return person
        self.write(person, {"current_identity_id": identity_id})
        return self.find(person_id)
