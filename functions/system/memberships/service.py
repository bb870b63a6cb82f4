"""Rules of memberships: no cycle, no abyss, nobody twice, and an administrator to the last."""

from nexus.db.statements import Sql
from nexus.problems import Conflict, TooMany, ValidationFailed, error
from nexus.records.parts import PartService
from nexus.records.reading import Record
from nexus.records.resources import Parent
from system.memberships.schemas import MembershipRead
from system.reads import GROUP, USER
from system.tables import groups, memberships

FIND_USER = Sql("SELECT nexus.find_user($1)", ("name",))


class AlreadyMember(Conflict):
    """This user or group is a member already."""

    constraints = ("uq_memberships_user_id", "uq_memberships_member_group_id")


class NestingCycle(Conflict):
    """A group would be, through nesting, its own member."""

    constraints = ("ck_memberships_no_cycle",)


class NestedTooDeep(TooMany):
    constraints = ("ck_memberships_depth",)
    limit = 10
    told = "Groups nest up to 10 deep, archived ones counted: nest it further up."


class LastAdministrator(Conflict):
    """A tenant keeps at least one active administrator."""

    constraints = ("ck_tenants_administrator",)


class Memberships(PartService):
    table = memberships
    read = MembershipRead
    path = "/groups/{group_id}/memberships/{membership_id}"
    location = "/groups/{group_id}/memberships?id={membership_id}"
    references = {"group_id": GROUP, "user_id": USER, "member_group_id": GROUP}
    parents = {"group_id": Parent(GROUP, ("group_id",))}
    whole, whole_id = groups, "group_id"

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """Whom a name finds may belong elsewhere; an id has to be the tenant's own."""
        self.authorize_write()
        self._require_parents_ahead()
        named = {name: values.pop(name) for name in ("username", "email")}
        self.check_references(values)
        for member, name in named.items():
            if name is not None:
                values["user_id"] = self._user_named(member, name)
        self.hold_for_new()
        return self.insert({**self._named_by_path(), **values})

    def _user_named(self, member: str, name: str) -> str:
        ((found,),) = self.scope.run(FIND_USER, {"name": name})
        if found is None:
            raise ValidationFailed(error(member, "there is no active user of this name"))
        return str(found)
