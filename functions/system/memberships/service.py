"""Rules of memberships: no cycle, nobody twice or unasked, and an administrator to the last."""

from sqlalchemy import ColumnElement, func, select

from nexus.db.statements import Sql
from nexus.problems import Conflict, TooMany, ValidationFailed, error
from nexus.records.crud import NOW
from nexus.records.parts import PartService
from nexus.records.reading import Record
from nexus.records.resources import Parent
from nexus.settings import settings
from system.memberships.schemas import MembershipRead
from system.reads import GROUP, USER
from system.tables import groups, memberships

FIND_USER = Sql("SELECT id, belongs FROM nexus.find_user($1, $2)", ("username", "email"))
UNPROVED = "nobody has proved an address where everybody may sign up: give the username"


class AlreadyMember(Conflict):
    """This user or group is a member already, or invited."""

    constraints = ("uq_memberships_user_id", "uq_memberships_member_group_id")


class NestingCycle(Conflict):
    """A group would be, through nesting, its own member."""

    constraints = ("ck_memberships_no_cycle",)


class NestedTooDeep(TooMany):
    constraints = ("ck_memberships_depth",)
    limit = 10
    told = "Groups nest up to {limit} deep, archived ones counted: nest it further up."


class LastAdministrator(Conflict):
    """A tenant keeps at least one active administrator."""

    constraints = ("ck_tenants_administrator",)


class MemberLeft(Conflict):
    """The user has just left the tenant."""

    constraints = ("ck_memberships_consent",)


class Memberships(PartService):
    """Invitations too, for administrators."""

    table = memberships
    read = MembershipRead
    path = "/groups/{group_id}/memberships/{membership_id}"
    location = "/groups/{group_id}/memberships?id={membership_id}"
    references = {
        "group_id": GROUP,
        "user_id": USER,
        "member_group_id": GROUP,
        "invited_by_id": USER,
    }
    parents = {"group_id": Parent(GROUP, ("group_id",))}
    whole, whole_id = groups, "group_id"

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        is_administrator = select(func.nexus.is_administrator()).scalar_subquery()
        return super().visible() & (memberships.c.accepted_at.is_not(None) | is_administrator)

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """Whom a name finds elsewhere is invited; an id has to be the tenant's own."""
        self.authorize_write()
        self._require_parents_ahead()
        if values["email"] is not None and settings().sign_up == "open":
            raise ValidationFailed(error("email", UNPROVED))
        named = {name: values.pop(name) for name in ("username", "email")}
        self.check_references(values)
        values["accepted_at"] = NOW
        for member in named:
            if named[member] is not None:
                values |= self._named(member, named)
        self.hold_for_new(self.within["group_id"])
        return self.insert({**self._named_by_path(), **values})

    def _named(self, member: str, named: Record) -> Record:
        found = self.scope.run(FIND_USER, named)
        if not found:
            raise ValidationFailed(error(member, "there is no active user of this name"))
        ((user_id, belongs),) = found
        if belongs:
            return {"user_id": user_id}
        invited_by = {"invited_by_id": self.scope.user_id, "invited_as": named[member]}
        return {"user_id": user_id, "accepted_at": None, **invited_by}
