"""A person's user belongs to the tenant; one who leaves it is nobody's there any more."""

import pytest

from tests.support.api import Api, Json, pointers
from tests.support.database import Session
from tests.support.makers import at, new_person
from tests.support.people import Tenant, World
from tests.support.races import at_once, begun_before_commit

TIE = "UPDATE persons SET user_id = :user_id WHERE id = :id"
LEAVE = "DELETE FROM memberships WHERE tenant_id = :tenant_id AND user_id = :user_id"
DANGLING = """
    SELECT count(*) FROM persons p WHERE user_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM memberships m WHERE m.tenant_id = p.tenant_id AND m.user_id = p.user_id)
"""


@pytest.fixture
def user(world: World, tenant: Tenant) -> Api:
    """A member of the tenant's `users` group, and of nothing else there."""
    return world.new_user(tenant.admin)


@pytest.fixture
def person(tenant: Tenant, user: Api) -> Json:
    return new_person(tenant.member, user_id=user.user["id"])


def membership(tenant: Tenant, user: Api) -> str:
    """Where the user's membership in the `users` group is."""
    path = f"/groups/{tenant.group('users')['id']}/memberships"
    (found,) = tenant.admin.items(path, user_id=user.user["id"])
    return f"{path}/{found['id']}"


def join(tenant: Tenant, user: Api) -> None:
    tenant.join(user)


def test_the_last_membership_gone_the_user_is_the_persons_no_more(
    tenant: Tenant, user: Api, person: Json
) -> None:
    tenant.admin.delete(membership(tenant, user))
    untied = tenant.member.get(at(person))
    assert (untied["user_id"], untied["version"]) == (None, 2)
    (event,) = tenant.admin.items("/audit-events", record_id=person["id"], action="update")
    assert event["changes"] == {"user_id": [user.user["id"], None]}
    assert event["actor_id"] == tenant.admin.user["id"]


def test_with_another_membership_the_user_stays_the_persons(
    tenant: Tenant, user: Api, person: Json
) -> None:
    group = tenant.new_group()
    tenant.add(group, user_id=user.user["id"])
    tenant.admin.delete(membership(tenant, user))
    assert tenant.member.get(at(person)) == person
    tenant.admin.delete(f"/groups/{group['id']}")
    assert tenant.member.get(at(person))["user_id"] is None


def test_a_user_who_is_made_to_leave_stays_another_tenants_persons(
    tenant: Tenant, other_tenant: Tenant, user: Api, person: Json
) -> None:
    join(other_tenant, user)
    theirs = new_person(other_tenant.member, user_id=user.user["id"])
    tenant.admin.delete(f"/users/{user.user['id']}")
    assert tenant.member.get(at(person))["user_id"] is None
    assert other_tenant.member.get(at(theirs)) == theirs


def test_whom_one_tenant_lost_root_deletes_from_another(
    tenant: Tenant,
    other_tenant: Tenant,
    root: Api,
    user: Api,
    person: Json,
    superuser: Session,
) -> None:
    join(other_tenant, user)
    tenant.admin.delete(membership(tenant, user))
    root.within(other_tenant.id).delete(f"/users/{user.user['id']}")
    assert superuser.column("SELECT id FROM users WHERE id = :id", id=user.user["id"]) == []
    assert tenant.member.get(at(person))["user_id"] is None


def test_who_is_no_member_is_no_persons_user(world: World, tenant: Tenant, user: Api) -> None:
    person = new_person(tenant.member)
    tenant.admin.delete(membership(tenant, user))
    for stranger in (user, world.sign_up()):
        body = {"user_id": stranger.user["id"]}
        for method, path in (("POST", "/persons"), ("PATCH", at(person))):
            assert pointers(tenant.member.refused(422, method, path, body)) == ["/user_id"]
    assert tenant.member.get(at(person)) == person


def test_the_database_refuses_who_is_no_member(
    tenant: Tenant, other_tenant: Tenant, superuser: Session
) -> None:
    person, foreign = new_person(tenant.member), other_tenant.member.user["id"]
    assert "ck_persons_user_id" in superuser.refusal(TIE, user_id=foreign, id=person["id"])


def test_who_is_leaving_is_not_tied(tenant: Tenant, user: Api, holder: Session) -> None:
    person, body = new_person(tenant.member), {"user_id": user.user["id"]}
    holder.run("BEGIN")
    holder.run(LEAVE, tenant_id=tenant.id, **body)
    problem = begun_before_commit(
        holder, lambda: tenant.member.refused(422, "PATCH", at(person), body)
    )
    assert pointers(problem) == ["/user_id"]
    assert tenant.member.get(at(person)) == person


def test_who_is_being_tied_is_untied_by_leaving(tenant: Tenant, user: Api, holder: Session) -> None:
    person, path = new_person(tenant.member), membership(tenant, user)
    holder.run("BEGIN")
    holder.run(TIE, user_id=user.user["id"], id=person["id"])
    begun_before_commit(holder, lambda: tenant.admin.delete(path))
    untied = tenant.member.get(at(person))
    assert (untied["user_id"], untied["version"]) == (None, 3)


def tied_and_gone(tenant: Tenant, user: Api, person: Json) -> tuple[int, int]:
    """The answers to tying a user to a person and, at once, to removing the user."""
    path, body = membership(tenant, user), {"user_id": user.user["id"]}
    tied, gone = at_once(
        [
            lambda: tenant.member.send("PATCH", at(person), json=body).status_code,
            lambda: tenant.admin.send("DELETE", path).status_code,
        ]
    )
    return tied, gone


def test_tied_and_gone_at_once_nobody_is_left_tied(
    world: World, tenant: Tenant, superuser: Session
) -> None:
    for _ in range(8):
        user, person = world.new_user(tenant.admin), new_person(tenant.member)
        assert tied_and_gone(tenant, user, person) in {(200, 204), (422, 204)}
        assert tenant.member.get(at(person))["user_id"] is None
    assert superuser.value(DANGLING) == 0
