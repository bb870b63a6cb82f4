"""The last administrator of a tenant stays, whoever asks, in whatever way, however many at once."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once

ROUNDS = 5
LONG_UNUSED = """
    UPDATE sessions SET last_used_at = last_used_at - interval '2 minutes'
    WHERE user_id = ANY (:ids)
"""


@pytest.fixture
def fresh(world: World) -> Tenant:
    return world.new_tenant()


def governed(world: World) -> Tenant:
    """A tenant whose administrator is a user that it made."""
    tenant = world.new_tenant()
    first = world.new_admin(tenant)
    tenant.admin.delete(f"/me/tenants/{tenant.id}")
    return replace(tenant, admin=first)


def membership(tenant: Tenant, group: Json, user: Api) -> str:
    path = f"/groups/{group['id']}/memberships"
    (found,) = tenant.admin.items(path, user_id=user.user["id"])
    return f"{path}/{found['id']}"


def as_administrator(tenant: Tenant, user: Api) -> str:
    return membership(tenant, tenant.group("administrators"), user)


def is_administrator(caller: Api) -> bool:
    answer = caller.send("POST", "/groups", json={"name": unique("Trial")})
    return answer.status_code == 201


def test_the_last_one_is_not_removed(fresh: Tenant) -> None:
    user = f"/users/{fresh.admin.user['id']}"
    fresh.admin.refused(409, "DELETE", as_administrator(fresh, fresh.admin))
    fresh.admin.refused(409, "DELETE", user)
    assert is_administrator(fresh.admin)


def test_the_last_one_is_not_removed_by_root_administrators(root: Api, fresh: Tenant) -> None:
    admin, user = root.within(fresh.id), f"/users/{fresh.admin.user['id']}"
    admin.refused(409, "DELETE", as_administrator(fresh, fresh.admin))
    admin.refused(409, "POST", f"{user}/deactivate")
    admin.refused(409, "DELETE", user)


def test_the_last_one_is_not_removed_though_he_belongs_elsewhere(
    world: World, fresh: Tenant
) -> None:
    other = world.new_tenant()
    other.join(fresh.admin)
    fresh.admin.refused(409, "DELETE", f"/users/{fresh.admin.user['id']}")
    other.admin.delete(f"/users/{fresh.admin.user['id']}")
    assert is_administrator(fresh.admin)


def test_the_second_last_is(world: World, fresh: Tenant) -> None:
    second = world.new_admin(fresh)
    fresh.admin.delete(as_administrator(fresh, fresh.admin))
    assert not is_administrator(fresh.admin)
    assert is_administrator(second)
    second.refused(409, "DELETE", as_administrator_seen_by(second))


def as_administrator_seen_by(caller: Api) -> str:
    (group,) = caller.items("/groups", kind="administrators")
    path = f"/groups/{group['id']}/memberships"
    (found,) = caller.items(path, user_id=caller.user["id"])
    return f"{path}/{found['id']}"


def test_a_deactivated_administrator_does_not_count(world: World, fresh: Tenant) -> None:
    second = world.new_admin(fresh)
    fresh.admin.act(f"/users/{second.user['id']}/deactivate")
    fresh.admin.refused(409, "DELETE", as_administrator(fresh, fresh.admin))


def test_one_through_a_nested_group_counts_and_then_stays(world: World, fresh: Tenant) -> None:
    group, second = fresh.new_group(), world.new_user(fresh.admin)
    administrators = fresh.group("administrators")
    nesting = fresh.add(administrators, member_group_id=group["id"])
    fresh.add(group, user_id=second.user["id"])
    fresh.admin.delete(as_administrator(fresh, fresh.admin))
    path = f"/groups/{administrators['id']}/memberships/{nesting['id']}"
    second.refused(409, "DELETE", path)
    second.refused(409, "DELETE", membership(Tenant(fresh.id, "", second, second), group, second))
    second.refused(409, "POST", f"/groups/{group['id']}/archive")
    second.refused(409, "DELETE", f"/groups/{group['id']}")
    assert is_administrator(second)


@pytest.mark.parametrize("group", ["administrators", "users"])
def test_the_seeded_groups_stay_as_they_are(fresh: Tenant, group: str) -> None:
    path = f"/groups/{fresh.group(group)['id']}"
    fresh.admin.refused(409, "PATCH", path, {"name": "others"})
    fresh.admin.refused(409, "POST", f"{path}/archive")
    fresh.admin.refused(409, "DELETE", path)
    assert fresh.admin.patch(path, {"description": "Seeded"})["description"] == "Seeded"
    assert fresh.admin.patch(path, {"name": group})["name"] == group


@pytest.mark.parametrize("kind", ["administrators", "users", "custom"])
def test_the_kind_of_a_group_is_not_the_callers_to_say(fresh: Tenant, kind: str) -> None:
    body = {"name": unique("Kind"), "kind": kind}
    fresh.admin.refused(422, "POST", "/groups", body)
    group = fresh.new_group()
    assert group["kind"] == "custom"
    fresh.admin.refused(422, "PATCH", f"/groups/{group['id']}", {"kind": kind})


class TestOfTwoRequestsAtOnce:
    """Each removes one of the last two: one of them is left."""

    type Removal = Callable[[Tenant, Api], tuple[str, str]]

    def race(self, world: World, superuser: Session, removal: Removal) -> None:
        for _ in range(ROUNDS):
            tenant = governed(world)
            second = world.new_admin(tenant)
            actors = [(tenant.admin, second), (second, tenant.admin)]
            calls = [partial(actor.send, *removal(tenant, target)) for actor, target in actors]
            # Both sessions' use is to be noted, which must not be in the way.
            superuser.run(LONG_UNUSED, ids=[actor.user["id"] for actor, _ in actors])
            answers = [answer.status_code for answer in at_once(calls)]
            left = [is_administrator(tenant.admin), is_administrator(second)]
            assert sorted(left) == [False, True], answers
            assert sorted(answer // 100 for answer in answers) == [2, 4], answers

    def test_by_removing_memberships(self, world: World, superuser: Session) -> None:
        self.race(
            world, superuser, lambda tenant, target: ("DELETE", as_administrator(tenant, target))
        )

    def test_by_deactivating(self, world: World, superuser: Session) -> None:
        self.race(
            world, superuser, lambda _, target: ("POST", f"/users/{target.user['id']}/deactivate")
        )

    def test_by_deleting_users(self, world: World, superuser: Session) -> None:
        self.race(world, superuser, lambda _, target: ("DELETE", f"/users/{target.user['id']}"))

    def test_one_by_deactivating_and_one_by_leaving(self, world: World) -> None:
        for _ in range(ROUNDS):
            tenant = governed(world)
            second = world.new_admin(tenant)
            leave = as_administrator(tenant, tenant.admin)
            at_once(
                [
                    partial(tenant.admin.send, "DELETE", leave),
                    partial(tenant.admin.send, "POST", f"/users/{second.user['id']}/deactivate"),
                ]
            )
            assert is_administrator(tenant.admin) or is_administrator(second)
