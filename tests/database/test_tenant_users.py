"""The users of each tenant beside it, as the triggers keep them."""

from collections.abc import Iterator

import pytest

from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.people import Tenant, World, unique
from tests.support.races import begun_before_commit

SHOULD_BE = """
    SELECT DISTINCT m.tenant_id, u.id, u.updated_at, nexus.fold_search(u.username),
           nexus.fold_search(u.email), nexus.fold_search(u.full_name),
           nexus.search_text(concat_ws(' ', u.username, u.email, u.full_name))
    FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.accepted_at IS NOT NULL
"""
IS = """
    SELECT tenant_id, user_id, updated_at, username_sort, email_sort, full_name_sort, search
    FROM tenant_users
"""
DIFFERENT = f"({SHOULD_BE} EXCEPT {IS}) UNION ALL ({IS} EXCEPT {SHOULD_BE})"
ADDED = """
    WITH asking AS (SELECT set_config('nexus.user_id', :user, true) AS user_id)
    INSERT INTO memberships (id, tenant_id, group_id, user_id, accepted_at)
    SELECT nexus.ulid(), :tenant, :group, user_id, now() FROM asking
"""
REMOVED = "DELETE FROM memberships WHERE group_id = :group AND user_id = :user"
IN_TENANT = "SELECT count(*) FROM tenant_users WHERE tenant_id = :tenant AND user_id = :user"


@pytest.fixture(autouse=True)
def whole(superuser: Session) -> Iterator[None]:
    """Whatever a test does, the projection says what the tables say."""
    yield
    assert superuser.run(DIFFERENT) == []


def is_in(superuser: Session, tenant: Tenant, user: Api) -> bool:
    return bool(superuser.value(IN_TENANT, tenant=tenant.id, user=user.user["id"]))


def test_a_user_of_several_groups_is_there_once_and_goes_with_the_last(
    world: World, tenant: Tenant, superuser: Session
) -> None:
    user = world.new_user(tenant.admin)
    group = tenant.new_group()
    added = tenant.add(group, user_id=user.user["id"])
    assert is_in(superuser, tenant, user)
    tenant.admin.delete(f"/groups/{group['id']}/memberships/{added['id']}")
    assert is_in(superuser, tenant, user)
    tenant.admin.delete(f"/users/{user.user['id']}")
    assert not is_in(superuser, tenant, user)


def test_a_change_of_a_user_is_in_each_tenant(
    world: World, tenant: Tenant, superuser: Session
) -> None:
    user = world.new_user(tenant.admin)
    other = world.new_tenant(user.within(None))
    user.patch("/me", {"full_name": "Zoë Müller"})
    found = superuser.column(
        "SELECT search LIKE '%mueller' FROM tenant_users WHERE user_id = :id", id=user.user["id"]
    )
    assert other
    assert found == [True, True]


def test_signing_in_writes_no_tenant(world: World, tenant: Tenant, superuser: Session) -> None:
    user = world.new_user(tenant.admin)
    place = "SELECT ctid::text FROM tenant_users WHERE user_id = :id"
    before = superuser.value(place, id=user.user["id"])
    world.again(user)
    assert superuser.value(place, id=user.user["id"]) == before


def test_the_api_sees_its_tenants_and_writes_none(app: Session, tenant: Tenant) -> None:
    assert set(app.column("SELECT DISTINCT tenant_id FROM tenant_users")) == {tenant.id}
    assert set(app.column("SELECT DISTINCT tenant_id FROM search.tenant_users")) == {tenant.id}
    for statement in ("DELETE FROM tenant_users", "UPDATE tenant_users SET search = ''"):
        assert "permission denied" in app.refusal(statement)


def test_of_two_last_memberships_that_go_at_once_the_user_goes(
    world: World, tenant: Tenant, superuser: Session, holder: Session
) -> None:
    user, groups = world.new_user(tenant.admin), [tenant.group("users"), tenant.new_group()]
    tenant.add(groups[1], user_id=user.user["id"])
    one, two = ({"group": group["id"], "user": user.user["id"]} for group in groups)
    holder.run("BEGIN")
    holder.run(REMOVED, **one)
    begun_before_commit(holder, lambda: superuser.run(REMOVED, **two))
    assert not is_in(superuser, tenant, user)


def test_a_membership_that_comes_as_the_last_one_goes_keeps_the_user(
    world: World, tenant: Tenant, superuser: Session, holder: Session
) -> None:
    user, group = world.new_user(tenant.admin), tenant.new_group()
    given = {"user": user.user["id"]}
    holder.run("BEGIN")
    holder.run(ADDED, tenant=tenant.id, group=group["id"], **given)
    removed = {"group": tenant.group("users")["id"], **given}
    begun_before_commit(holder, lambda: superuser.run(REMOVED, **removed))
    assert is_in(superuser, tenant, user)


def test_a_membership_that_comes_as_the_user_changes_has_the_new_name(
    world: World, tenant: Tenant, superuser: Session, holder: Session
) -> None:
    user = world.sign_up()
    holder.run("BEGIN")
    renamed = "UPDATE users SET full_name = 'Another' WHERE id = :id"
    holder.run(renamed, id=user.user["id"])
    given = {"tenant": tenant.id, "group": tenant.group("users")["id"], "user": user.user["id"]}
    begun_before_commit(holder, lambda: superuser.run(ADDED, **given))
    assert is_in(superuser, tenant, user)


def members(app: Session, group: Json) -> set[str]:
    return set(app.column("SELECT nexus.members_of_group(:id)", id=group["id"]))


def test_members_of_a_group_are_those_of_live_nested_groups_too(
    world: World, tenant: Tenant, app: Session, other_tenant: Tenant
) -> None:
    outer, inner, innermost = (tenant.new_group(unique("Nested")) for _ in range(3))
    tenant.add(outer, member_group_id=inner["id"])
    tenant.add(inner, member_group_id=innermost["id"])
    one, two = world.new_user(tenant.admin), world.new_user(tenant.admin)
    tenant.add(innermost, user_id=one.user["id"])
    tenant.add(outer, user_id=one.user["id"])
    tenant.add(inner, user_id=two.user["id"])
    assert members(app, outer) == {one.user["id"], two.user["id"]}
    assert members(app, innermost) == {one.user["id"]}
    tenant.admin.act(f"/groups/{inner['id']}/archive")
    assert members(app, outer) == {one.user["id"]}
    assert members(app, other_tenant.group("users")) == set()
