"""Memberships: users and nested groups, never twice, never in a circle, never across tenants."""

from itertools import pairwise

import pytest

from tests.contract.resource import NOBODYS_ID, ULID
from tests.support.api import Api, Json, anonymous, pointers
from tests.support.people import Tenant, World, person
from tests.support.races import at_once


def members(group: Json) -> str:
    return f"/groups/{group['id']}/memberships"


@pytest.fixture
def group(tenant: Tenant) -> Json:
    return tenant.new_group()


def test_a_user_becomes_a_member(tenant: Tenant, group: Json) -> None:
    user = tenant.member.user["id"]
    made = tenant.admin.expect(201, "POST", members(group), json={"user_id": user})
    membership = made.json()
    assert ULID.match(membership["id"])
    expected = (group["id"], user, None)
    got = (membership["group_id"], membership["user_id"], membership["member_group_id"])
    assert got == expected
    assert tenant.member.items(members(group)) == [membership]
    assert made.headers["location"].endswith(f"{members(group)}?id={membership['id']}")


def test_a_stranger_is_not_added_by_id(world: World, tenant: Tenant, group: Json) -> None:
    stranger = world.sign_up().user["id"]
    problems = [
        tenant.admin.refused(422, "POST", members(group), {"user_id": id_})
        for id_ in (stranger, NOBODYS_ID)
    ]
    assert pointers(problems[0]) == ["/user_id"]
    assert anonymous(problems[0], stranger) == anonymous(problems[1], NOBODYS_ID)


def test_exactly_one_member_is_named(tenant: Tenant, group: Json) -> None:
    user, inner = tenant.member.user, tenant.new_group()
    one = {"user_id": user["id"]}
    for body in (
        {},
        {"user_id": None},
        {"username": ""},
        {"email": "", "user_id": None},
        {"user_id": "x"},
        {"member_group_id": ""},
        {**one, "username": user["username"]},
        {**one, "member_group_id": inner["id"]},
        {"email": user["email"], "username": user["username"]},
    ):
        tenant.admin.refused(422, "POST", members(group), body)
    assert tenant.admin.items(members(group)) == []


def test_a_membership_twice_is_refused(tenant: Tenant, group: Json) -> None:
    inner = tenant.new_group()
    tenant.add(group, user_id=tenant.member.user["id"])
    tenant.add(group, member_group_id=inner["id"])
    for body in (
        {"user_id": tenant.member.user["id"]},
        {"username": tenant.member.user["username"]},
        {"member_group_id": inner["id"]},
    ):
        tenant.admin.refused(409, "POST", members(group), body)
    assert len(tenant.admin.items(members(group))) == 2


def test_ten_at_once_make_one_membership(tenant: Tenant, group: Json) -> None:
    body = {"user_id": tenant.member.user["id"]}

    def add() -> int:
        return tenant.admin.send("POST", members(group), json=body).status_code

    assert sorted(at_once([add] * 10)) == [201] + [409] * 9


def test_members_do_not_manage_memberships(tenant: Tenant, group: Json) -> None:
    user = tenant.member.user["id"]
    tenant.member.refused(403, "POST", members(group), {"user_id": user})
    membership = tenant.add(group, user_id=user)
    tenant.member.refused(403, "DELETE", f"{members(group)}/{membership['id']}")


def test_a_membership_is_removed_through_its_own_group(tenant: Tenant, group: Json) -> None:
    other = tenant.new_group()
    membership = tenant.add(group, user_id=tenant.member.user["id"])
    tenant.admin.refused(404, "DELETE", f"{members(other)}/{membership['id']}")
    tenant.admin.delete(f"{members(group)}/{membership['id']}")
    tenant.admin.refused(404, "DELETE", f"{members(group)}/{membership['id']}")
    assert tenant.admin.items(members(group)) == []


def test_memberships_are_filtered_expanded_and_paged(world: World, tenant: Tenant) -> None:
    group, inner = tenant.new_group(), tenant.new_group()
    users = [world.new_user(tenant.admin).user for _ in range(3)]
    for user in users:
        tenant.add(group, user_id=user["id"])
    tenant.add(group, member_group_id=inner["id"])
    assert len(tenant.admin.pages(members(group), limit=1)) == 4
    assert len(tenant.admin.items(members(group), user_id__isnull="true")) == 1
    (one,) = tenant.admin.items(members(group), user_id=users[0]["id"], expand="user")
    assert one["user"]["username"] == users[0]["username"]
    assert not {key for key in one["user"] if "password" in key}
    (nested,) = tenant.admin.items(
        members(group), member_group_id=inner["id"], expand="user,member_group"
    )
    assert nested["member_group"]["name"] == inner["name"]
    assert nested["user"] is None


def test_a_filter_by_a_foreign_reference_is_refused(world: World, tenant: Tenant) -> None:
    group = tenant.new_group()
    for user in (world.sign_up().user["id"], NOBODYS_ID):
        problem = tenant.admin.refused(422, "GET", f"{members(group)}?user_id={user}")
        assert "user_id" in pointers(problem)[0]


def test_a_foreign_group_looks_like_none(tenant: Tenant, other_tenant: Tenant) -> None:
    group, foreigner = tenant.new_group(), other_tenant.admin
    body = {"user_id": foreigner.user["id"]}
    for method, sent in (("GET", None), ("POST", body)):
        foreign = foreigner.refused(404, method, members(group), sent)
        nothing = foreigner.refused(404, method, f"/groups/{NOBODYS_ID}/memberships", sent)
        assert anonymous(foreign, group["id"]) == anonymous(nothing, NOBODYS_ID)


class TestNesting:
    def nest(self, tenant: Tenant, outer: Json, inner: Json) -> int:
        body = {"member_group_id": inner["id"]}
        return tenant.admin.send("POST", members(outer), json=body).status_code

    def test_a_group_is_not_its_own_member(self, tenant: Tenant, group: Json) -> None:
        assert self.nest(tenant, group, group) == 409

    @pytest.mark.parametrize("length", [2, 3, 6])
    def test_no_circle_is_closed(self, tenant: Tenant, length: int) -> None:
        chain = [tenant.new_group() for _ in range(length)]
        for outer, inner in pairwise(chain):
            assert self.nest(tenant, outer, inner) == 201
        assert self.nest(tenant, chain[-1], chain[0]) == 409
        assert tenant.admin.items(members(chain[-1])) == []

    def test_a_diamond_is_no_circle(self, tenant: Tenant) -> None:
        top, left, right, bottom = (tenant.new_group() for _ in range(4))
        for outer, inner in ((top, left), (top, right), (left, bottom), (right, bottom)):
            assert self.nest(tenant, outer, inner) == 201

    def test_two_nestings_at_once_do_not_close_a_circle(self, tenant: Tenant) -> None:
        for _ in range(8):
            first, second = tenant.new_group(), tenant.new_group()
            calls = [
                lambda a=first, b=second: self.nest(tenant, a, b),
                lambda a=first, b=second: self.nest(tenant, b, a),
            ]
            assert sorted(at_once(calls)) == [201, 409]

    def test_many_nestings_at_once_do_not_close_a_ring(self, tenant: Tenant) -> None:
        ring = [tenant.new_group() for _ in range(6)]
        pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
        calls = [lambda pair=pair: self.nest(tenant, *pair) for pair in pairs]
        assert sorted(at_once(calls)) == [201] * 5 + [409]

    def test_nesting_stays_in_one_tenant(self, tenant: Tenant, other_tenant: Tenant) -> None:
        group, foreign = tenant.new_group(), other_tenant.new_group()
        problems = [
            tenant.admin.refused(422, "POST", members(group), {"member_group_id": id_})
            for id_ in (foreign["id"], NOBODYS_ID)
        ]
        assert pointers(problems[0]) == ["/member_group_id"]
        assert anonymous(problems[0], foreign["id"]) == anonymous(problems[1], NOBODYS_ID)

    def test_an_archived_group_is_not_nested(self, tenant: Tenant, group: Json) -> None:
        archived = tenant.new_group()
        tenant.admin.act(f"/groups/{archived['id']}/archive")
        assert self.nest(tenant, group, archived) == 409
        assert self.nest(tenant, archived, group) == 409
        body = {"user_id": tenant.member.user["id"]}
        tenant.admin.refused(409, "POST", members(archived), body)


class TestRightsThroughGroups:
    @pytest.fixture
    def fresh(self, world: World) -> Tenant:
        return world.new_tenant()

    @pytest.fixture
    def nested(self, fresh: Tenant) -> Json:
        """A group in a group in the administrators."""
        outer, inner = fresh.new_group(), fresh.new_group()
        fresh.add(fresh.group("administrators"), member_group_id=outer["id"])
        fresh.add(outer, member_group_id=inner["id"])
        return inner

    def is_administrator(self, caller: Api) -> bool:
        return caller.send("POST", "/users", json=person()).status_code == 201

    def test_nested_members_of_the_administrators_administer(
        self, fresh: Tenant, nested: Json
    ) -> None:
        assert not self.is_administrator(fresh.member)
        membership = fresh.add(nested, user_id=fresh.member.user["id"])
        assert self.is_administrator(fresh.member)
        fresh.admin.delete(f"{members(nested)}/{membership['id']}")
        assert not self.is_administrator(fresh.member)

    def test_an_archived_group_gives_no_rights(self, fresh: Tenant, nested: Json) -> None:
        fresh.add(nested, user_id=fresh.member.user["id"])
        fresh.admin.act(f"/groups/{nested['id']}/archive")
        assert not self.is_administrator(fresh.member)
        fresh.admin.act(f"/groups/{nested['id']}/restore")
        assert self.is_administrator(fresh.member)

    def test_the_last_membership_gone_the_tenant_is_out_of_reach(
        self, world: World, fresh: Tenant
    ) -> None:
        group, stranger = fresh.new_group(), world.sign_up()
        membership = fresh.join(stranger, group)
        assert stranger.within(fresh.id).items("/groups")
        fresh.admin.delete(f"{members(group)}/{membership['id']}")
        stranger.within(fresh.id).refused(404, "GET", "/groups")
        stranger.refused(404, "GET", "/me/current-tenant")
