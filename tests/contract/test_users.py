"""Users keep the contract; they belong to a tenant through its groups."""

from tests.contract.plain import ResourceContract
from tests.contract.resource import NOBODYS_ID
from tests.contract.verbs.names import UniqueContract
from tests.contract.verbs.rights import RightsContract
from tests.support.api import Api, Json, pointers
from tests.support.people import Tenant, unique


class TestUsers(ResourceContract, UniqueContract, RightsContract):
    path = "/users"
    label = "username"
    is_unique_over_all = True
    is_ascii = True

    def label_text(self, word: str) -> str:
        return unique(word).lower().replace(" ", ".")

    def test_names_are_looked_for_as_they_are_stored(self, writer: Api, record: Json) -> None:
        for member in ("username", "email"):
            asked = f" {record[member].upper()} "
            for filters in ({member: asked}, {f"{member}__in": asked}):
                assert self.found(writer, [record], **filters) == [record["id"]]
            assert self.found(writer, [record], **{f"{member}__ne": asked}) == []

    def test_members_of_a_group_are_listed_with_those_of_nested_groups(
        self, tenant: Tenant, writer: Api
    ) -> None:
        outer, inner, aside = (tenant.new_group() for _ in range(3))
        users = [self.new(writer) for _ in range(3)]
        tenant.add(outer, member_group_id=inner["id"])
        tenant.add(outer, user_id=users[0]["id"])
        for user in users[:2]:
            tenant.add(inner, user_id=user["id"])

        def members(**query: str) -> list[str]:
            return [item["id"] for item in writer.items(self.path, sort="id", **query)]

        both = sorted(user["id"] for user in users[:2])
        assert members(group_id=outer["id"]) == members(group_id=inner["id"]) == both
        assert members(group_id__direct=outer["id"]) == [users[0]["id"]]
        assert members(group_id__direct=inner["id"]) == both
        assert members(group_id=aside["id"]) == members(group_id__direct=aside["id"]) == []
        assert members(group_id=f"{aside['id']},{outer['id']}") == both
        writer.act(f"/groups/{inner['id']}/archive")
        assert members(group_id=outer["id"]) == [users[0]["id"]]

    def test_of_no_group_nobody_is_asked_for(self, writer: Api, other_tenant: Tenant) -> None:
        for id_ in (NOBODYS_ID, "x", other_tenant.group("users")["id"]):
            for name in ("group_id", "group_id__direct"):
                problem = writer.refused(422, "GET", f"{self.path}?{name}={id_}")
                assert pointers(problem) == [f"/{name}"]
        for name in ("group_id__ne", "group_id__isnull"):
            writer.refused(400, "GET", f"{self.path}?{name}=true")
