"""Users: made and managed by administrators, unless they belong elsewhere too."""

import pytest

from tests.contract.resource import NOBODYS_ID, stale
from tests.support.api import Api, Json, anonymous, slug
from tests.support.people import Tenant, World, person, unique


@pytest.fixture
def fresh(world: World) -> Tenant:
    return world.new_tenant()


@pytest.fixture
def shared(world: World, fresh: Tenant) -> Api:
    """A member of `fresh` who belongs to another tenant too."""
    other = world.new_tenant()
    other.join(fresh.member)
    return fresh.member


def at(user: Api | Json) -> str:
    return f"/users/{user.user['id'] if isinstance(user, Api) else user['id']}"


def test_a_new_user_is_in_the_users_group(world: World, fresh: Tenant) -> None:
    body = person()
    user = fresh.admin.post("/users", body)
    assert not {key for key in user if "password" in key or "hash" in key}
    (group,) = fresh.admin.items(f"{at(user)}/groups")
    assert group["kind"] == "users"
    caller = world.sign_in(body["email"], body["password"])
    assert [tenant["id"] for tenant in caller.items("/me/tenants")] == [fresh.id]


def test_members_see_each_other_and_change_nobody(fresh: Tenant) -> None:
    ids = {user["id"] for user in fresh.member.items("/users")}
    assert ids == {fresh.admin.user["id"], fresh.member.user["id"]}
    assert fresh.member.get(at(fresh.admin))["id"] == fresh.admin.user["id"]
    fresh.member.refused(403, "POST", "/users", person())
    fresh.member.refused(403, "PATCH", at(fresh.admin), {"full_name": "x"})
    fresh.member.refused(403, "DELETE", at(fresh.admin))
    for action in ("deactivate", "restore"):
        fresh.member.refused(403, "POST", f"{at(fresh.admin)}/{action}")


def test_a_taken_name_is_refused_whoever_has_it(world: World, fresh: Tenant) -> None:
    stranger = world.sign_up().user
    for member in ("username", "email"):
        body = {**person(), member: stranger[member].upper()}
        assert member in str(fresh.admin.refused(409, "POST", "/users", body))
        fresh.admin.refused(409, "PATCH", at(fresh.member), {member: stranger[member]})


def test_a_foreign_user_looks_like_none(world: World, fresh: Tenant) -> None:
    stranger = world.sign_up().user["id"]
    requests = [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/groups")]
    requests += [("POST", "/deactivate"), ("POST", "/restore")]
    for method, rest in requests:
        body = {"full_name": "x"} if method == "PATCH" else None
        foreign = fresh.admin.refused(404, method, f"/users/{stranger}{rest}", body)
        nothing = fresh.admin.refused(404, method, f"/users/{NOBODYS_ID}{rest}", body)
        assert anonymous(foreign, stranger) == anonymous(nothing, NOBODYS_ID)


def test_nobody_is_listed_but_the_tenants_users(world: World, fresh: Tenant) -> None:
    stranger = world.sign_up().user
    assert fresh.admin.items("/users", id=stranger["id"]) == []
    assert fresh.admin.items("/users", username=stranger["username"]) == []
    assert fresh.admin.items("/users", q=stranger["username"]) == []
    assert fresh.admin.get("/users", email=stranger["email"], count="true")["total"] == 0


def test_an_administrator_changes_a_user_of_this_tenant_only(world: World, fresh: Tenant) -> None:
    names = person()
    change = {"username": names["username"], "email": names["email"], "full_name": "Renamed"}
    changed = fresh.admin.patch(at(fresh.member), change)
    assert {key: changed[key] for key in change} == change
    world.sign_in(names["username"], fresh.member.password)


def test_a_user_who_belongs_elsewhere_is_not_changed(fresh: Tenant, shared: Api) -> None:
    problems = [
        fresh.admin.refused(403, "PATCH", at(shared), {"full_name": "x"}),
        fresh.admin.refused(403, "POST", f"{at(shared)}/deactivate"),
        fresh.admin.refused(403, "POST", f"{at(shared)}/restore"),
    ]
    assert {slug(problem) for problem in problems} == {"user-shared"}
    assert fresh.admin.get(at(shared))["version"] == 1


def test_root_administrators_change_any_user(root: Api, fresh: Tenant, shared: Api) -> None:
    admin = root.within(fresh.id)
    assert admin.patch(at(shared), {"full_name": "Checked"})["version"] == 2
    assert admin.act(f"{at(shared)}/deactivate")["deactivated_at"]
    assert admin.act(f"{at(shared)}/restore")["deactivated_at"] is None


def test_a_user_who_belongs_elsewhere_only_leaves(world: World, fresh: Tenant, shared: Api) -> None:
    fresh.admin.delete(at(shared))
    fresh.admin.refused(404, "GET", at(shared))
    caller = world.again(shared).within(None)
    (tenant,) = caller.items("/me/tenants")
    assert tenant["id"] != fresh.id
    assert caller.get("/me")["id"] == shared.user["id"]


def test_a_user_of_this_tenant_only_is_deleted(world: World, fresh: Tenant) -> None:
    member = fresh.member
    fresh.admin.delete(at(member))
    member.refused(401, "GET", "/me")
    fresh.admin.refused(404, "GET", at(member))
    names = {key: member.user[key] for key in ("username", "email")}
    world.sign_up(**names)


def test_deactivating_twice_changes_nothing(fresh: Tenant) -> None:
    once = fresh.admin.act(f"{at(fresh.member)}/deactivate", {"reason": "Left"})
    assert once["deactivated_at"]
    assert fresh.admin.act(f"{at(fresh.member)}/deactivate") == once
    restored = fresh.admin.act(f"{at(fresh.member)}/restore")
    assert (restored["deactivated_at"], restored["version"]) == (None, once["version"] + 1)
    assert fresh.admin.act(f"{at(fresh.member)}/restore") == restored


def test_a_stale_deactivation_is_refused(world: World, fresh: Tenant) -> None:
    user = fresh.admin.get(at(fresh.member))
    fresh.admin.refused(412, "POST", f"{at(user)}/deactivate", headers=stale(user))
    assert world.again(fresh.member).get("/me")["deactivated_at"] is None


def test_a_restored_user_signs_in_again(world: World, fresh: Tenant) -> None:
    fresh.admin.act(f"{at(fresh.member)}/deactivate")
    fresh.admin.act(f"{at(fresh.member)}/restore")
    assert world.again(fresh.member).get("/groups")["items"]


def test_a_users_groups_are_those_of_the_tenant(fresh: Tenant, shared: Api) -> None:
    group = fresh.new_group()
    fresh.add(group, user_id=shared.user["id"])
    groups = fresh.member.items(f"{at(shared)}/groups", sort="kind")
    assert [item["kind"] for item in groups] == ["custom", "users"]
    assert {item["tenant_id"] for item in groups} == {fresh.id}


def test_a_password_is_not_patched(fresh: Tenant) -> None:
    for member in ("password", "password_hash", "deactivated_at", "last_signed_in_at"):
        fresh.admin.refused(422, "PATCH", at(fresh.member), {member: "x" * 20})


def test_a_user_in_a_nested_group_alone_is_of_the_tenant(world: World, fresh: Tenant) -> None:
    outer, inner = fresh.new_group(), fresh.new_group()
    fresh.add(outer, member_group_id=inner["id"])
    stranger = world.sign_up()
    fresh.join(stranger, inner)
    assert fresh.admin.items("/users", id=stranger.user["id"])
    assert stranger.get("/me/current-tenant")["id"] == fresh.id
    assert [user["id"] for user in stranger.items("/users", id=stranger.user["id"])]


def test_a_retry_after_the_right_is_gone_is_refused(world: World, tenant: Tenant) -> None:
    second = world.new_admin(tenant)
    key, body = {"Idempotency-Key": unique("key")}, person()
    second.post("/users", body, headers=key)
    group = tenant.group("administrators")
    path = f"/groups/{group['id']}/memberships"
    (membership,) = tenant.admin.items(path, user_id=second.user["id"])
    tenant.admin.delete(f"{path}/{membership['id']}")
    second.refused(403, "POST", "/users", body, headers=key)
