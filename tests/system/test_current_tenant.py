"""The current tenant: the header's, the session's, the preferred, the only one, or none."""

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, anonymous, pointers, slug
from tests.support.people import Tenant, World, unique


@pytest.fixture
def caller(world: World) -> Api:
    return world.sign_up()


@pytest.fixture
def two(world: World, caller: Api) -> list[Tenant]:
    return [world.new_tenant(caller) for _ in range(2)]


def test_the_only_one_is_the_current(world: World, caller: Api) -> None:
    tenant = world.new_tenant(caller)
    assert caller.get("/me/current-tenant") == caller.get(f"/tenants/{tenant.id}")
    assert caller.items("/groups", kind="users")[0]["tenant_id"] == tenant.id


def test_of_two_none_is_until_one_is_selected(caller: Api, two: list[Tenant]) -> None:
    caller.refused(404, "GET", "/me/current-tenant")
    assert slug(caller.refused(409, "GET", "/groups")) == "no-tenant-selected"
    for tenant in two:
        assert caller.act("/me/current-tenant", {"tenant_id": tenant.id})["id"] == tenant.id
        assert caller.get("/me/current-tenant")["id"] == tenant.id
        assert {group["tenant_id"] for group in caller.items("/groups")} == {tenant.id}


def test_its_tag_names_the_tenant(caller: Api, two: list[Tenant]) -> None:
    caller.act("/me/current-tenant", {"tenant_id": two[0].id})
    known = {"If-None-Match": caller.expect(200, "GET", "/me/current-tenant").headers["etag"]}
    caller.expect(304, "GET", "/me/current-tenant", headers=known)
    caller.act("/me/current-tenant", {"tenant_id": two[1].id})
    changed = caller.expect(200, "GET", "/me/current-tenant", headers=known)
    assert (changed.json()["id"], changed.json()["version"]) == (two[1].id, 1)
    headers = {"If-None-Match": changed.headers["etag"]}
    caller.expect(304, "GET", "/me/current-tenant", headers=headers)


def test_the_selection_is_the_sessions(world: World, caller: Api, two: list[Tenant]) -> None:
    other = world.again(caller)
    caller.act("/me/current-tenant", {"tenant_id": two[0].id})
    other.act("/me/current-tenant", {"tenant_id": two[1].id})
    assert caller.get("/me/current-tenant")["id"] == two[0].id
    sessions = caller.items("/me/sessions", sort="created_at")
    assert [session["tenant_id"] for session in sessions] == [two[0].id, two[1].id]


def test_the_session_goes_before_the_preference(caller: Api, two: list[Tenant]) -> None:
    caller.patch("/me/preferences", {"default_tenant_id": two[0].id})
    caller.act("/me/current-tenant", {"tenant_id": two[1].id})
    assert caller.get("/me/current-tenant")["id"] == two[1].id


def test_the_header_goes_before_all_for_one_request(caller: Api, two: list[Tenant]) -> None:
    caller.act("/me/current-tenant", {"tenant_id": two[0].id})
    groups = caller.within(two[1].id).items("/groups")
    assert {group["tenant_id"] for group in groups} == {two[1].id}
    assert {group["tenant_id"] for group in caller.items("/groups")} == {two[0].id}


def test_a_tenant_out_of_reach_looks_like_none(world: World, two: list[Tenant]) -> None:
    stranger = world.sign_up()
    problems = [
        stranger.refused(404, "POST", "/me/current-tenant", {"tenant_id": id_})
        for id_ in (two[0].id, NOBODYS_ID)
    ]
    assert anonymous(problems[0], two[0].id) == anonymous(problems[1], NOBODYS_ID)
    problems = [
        stranger.within(id_).refused(404, "GET", "/groups") for id_ in (two[0].id, NOBODYS_ID)
    ]
    assert anonymous(problems[0], two[0].id) == anonymous(problems[1], NOBODYS_ID)


@pytest.mark.parametrize("id_", ["x", "' OR 1=1", "0" * 500])
def test_a_malformed_tenant_is_not_found(caller: Api, id_: str) -> None:
    caller.within(id_).refused(404, "GET", "/groups")
    caller.within(id_).refused(404, "GET", "/me")
    answer = caller.send("POST", "/me/current-tenant", json={"tenant_id": id_})
    assert answer.status_code in ({404, 422} if len(id_) > 26 else {404})


@pytest.mark.parametrize("body", [{}, {"tenant_id": None}, {"tenant_id": 7}])
def test_a_tenant_has_to_be_named(caller: Api, body: dict[str, object]) -> None:
    problem = caller.refused(422, "POST", "/me/current-tenant", body)
    assert pointers(problem) == ["/tenant_id"]


def test_leaving_a_tenant_ends_its_selection(world: World) -> None:
    first, second = world.new_tenant(), world.new_tenant()
    caller = first.member.within(None)
    caller.act("/me/current-tenant", {"tenant_id": first.id})
    second.join(caller)
    first.admin.delete(f"/users/{caller.user['id']}")
    assert [tenant["id"] for tenant in caller.items("/me/tenants")] == [second.id]
    assert caller.get("/me/current-tenant")["id"] == second.id
    caller.within(first.id).refused(404, "GET", "/groups")


def test_the_tenants_in_reach_are_listed(world: World, caller: Api, two: list[Tenant]) -> None:
    world.new_tenant()
    expected = {tenant.id for tenant in two}
    assert {tenant["id"] for tenant in caller.items("/me/tenants")} == expected
    assert {tenant["id"] for tenant in caller.items("/tenants")} == expected
    assert caller.get("/me/tenants", limit=1, count="true")["total"] == 2


def test_ones_groups_are_those_of_the_current_tenant(caller: Api, two: list[Tenant]) -> None:
    caller.act("/me/current-tenant", {"tenant_id": two[0].id})
    groups = caller.items("/me/groups")
    assert {group["tenant_id"] for group in groups} == {two[0].id}
    assert "administrators" in {group["kind"] for group in groups}


def test_its_etag_guards_a_change_of_the_tenant(tenant: Tenant) -> None:
    admin, path = tenant.admin, f"/tenants/{tenant.id}"
    tag = admin.expect(200, "GET", "/me/current-tenant").headers["ETag"]
    admin.patch(path, {"description": unique("Guarded")}, headers={"If-Match": tag})
    admin.refused(412, "PATCH", path, {"description": "Late"}, headers={"If-Match": tag})
