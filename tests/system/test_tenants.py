"""Tenants: made by anybody, managed by their administrators, deleted when nothing is in them."""

import secrets

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, anonymous
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once


@pytest.fixture
def fresh(world: World) -> Tenant:
    return world.new_tenant()


def test_its_maker_is_its_administrator(world: World) -> None:
    caller = world.sign_up()
    tenant = caller.post("/tenants", {"name": unique("Made"), "description": "By anybody"})
    assert tenant["is_root"] is False
    groups = caller.within(tenant["id"]).items("/groups", sort="kind")
    assert [(group["kind"], group["name"]) for group in groups] == [
        ("administrators", "administrators"),
        ("users", "users"),
    ]
    caller.within(tenant["id"]).post("/groups", {"name": "Made by the maker"})


def test_its_slug_is_derived(world: World) -> None:
    caller, mark = world.sign_up(), secrets.token_hex(4)
    name = f"  Szkoła №5 — Łódź/Übung & Co. {mark} "
    slug = caller.post("/tenants", {"name": name})["slug"]
    assert slug.endswith(f"-{mark}")
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in slug
    assert "lodz" in slug


def test_two_names_never_share_a_slug(world: World) -> None:
    caller, mark = world.sign_up(), secrets.token_hex(4)
    names = [
        f"A B {mark}",
        f"A-B {mark}",
        f"a!b {mark}",
        f"{'x' * 180} {mark}",
        f"{'x' * 180}-{mark}",
    ]
    slugs = [caller.post("/tenants", {"name": name})["slug"] for name in names]
    assert len(set(slugs)) == len(names)


def test_a_name_without_letters_has_a_slug_too(world: World) -> None:
    caller = world.sign_up()
    slugs = {caller.post("/tenants", {"name": f"東京 🦊{'!' * n}"})["slug"] for n in slots()}
    assert len(slugs) == 3
    assert "" not in slugs


def slots() -> range:
    first = secrets.randbelow(100) + 1
    return range(first, first + 3)


def test_a_name_is_unique_over_all(world: World, fresh: Tenant) -> None:
    stranger = world.sign_up()
    stranger.refused(409, "POST", "/tenants", {"name": fresh.name.upper()})


def test_twenty_at_once_with_one_name_make_one(world: World) -> None:
    callers, name = [world.sign_up() for _ in range(4)], unique("Race")
    calls = [
        lambda caller=caller: caller.send("POST", "/tenants", json={"name": name}).status_code
        for caller in callers * 5
    ]
    assert sorted(at_once(calls)) == [201] + [409] * 19


@pytest.mark.parametrize("member", ["is_root", "slug"])
def test_what_the_server_derives_is_refused(world: World, fresh: Tenant, member: str) -> None:
    body = {"name": unique("Derived"), member: "x"}
    world.sign_up().refused(422, "POST", "/tenants", body)
    fresh.admin.refused(422, "PATCH", f"/tenants/{fresh.id}", {member: "x"})


def test_its_members_read_it_and_do_not_change_it(fresh: Tenant) -> None:
    path = f"/tenants/{fresh.id}"
    assert fresh.member.get(path)["name"] == fresh.name
    fresh.member.refused(403, "PATCH", path, {"description": "x"})
    fresh.member.refused(403, "POST", f"{path}/archive")
    fresh.member.refused(403, "DELETE", path)


def test_it_is_changed_whatever_tenant_is_selected(world: World, fresh: Tenant) -> None:
    other = world.new_tenant(fresh.admin.within(None))
    path = f"/tenants/{fresh.id}"
    assert fresh.admin.within(other.id).patch(path, {"description": "x"})["version"] == 2
    assert fresh.admin.within(None).patch(path, {"description": "y"})["version"] == 3


def test_an_administrator_of_another_tenant_is_only_a_member_here(
    world: World, fresh: Tenant
) -> None:
    elsewhere = world.new_tenant(fresh.member.within(None))
    path = f"/tenants/{fresh.id}"
    for selected in (None, fresh.id, elsewhere.id):
        fresh.member.within(selected).refused(403, "PATCH", path, {"description": "x"})
        fresh.member.within(selected).refused(403, "DELETE", path)


def test_root_administrators_see_and_administer_all(root: Api, fresh: Tenant) -> None:
    path = f"/tenants/{fresh.id}"
    assert root.get(path)["name"] == fresh.name
    assert root.items("/tenants", id=fresh.id)
    assert root.patch(path, {"description": "Checked"})["version"] == 2
    assert root.within(fresh.id).post("/groups", {"name": unique("Made by root")})


def test_the_root_tenant_cannot_be_deleted(root: Api) -> None:
    (tenant,) = root.items("/tenants", is_root="true")
    assert tenant["name"] == "Shared"
    root.refused(409, "DELETE", f"/tenants/{tenant['id']}")


def test_its_groups_are_listed(fresh: Tenant, world: World) -> None:
    group = fresh.new_group()
    groups = fresh.member.items(f"/tenants/{fresh.id}/groups", sort="kind")
    assert [item["kind"] for item in groups] == ["administrators", "custom", "users"]
    assert fresh.member.items(f"/tenants/{fresh.id}/groups", id=group["id"]) == [group]
    stranger = world.sign_up()
    foreign = stranger.refused(404, "GET", f"/tenants/{fresh.id}/groups")
    nothing = stranger.refused(404, "GET", f"/tenants/{NOBODYS_ID}/groups")
    assert anonymous(foreign, fresh.id) == anonymous(nothing, NOBODYS_ID)


def test_its_groups_are_listed_whatever_tenant_is_selected(world: World, fresh: Tenant) -> None:
    other = world.new_tenant(fresh.admin.within(None))
    groups = fresh.admin.within(other.id).items(f"/tenants/{fresh.id}/groups")
    assert {group["tenant_id"] for group in groups} == {fresh.id}


class TestArchived:
    @pytest.fixture
    def archived(self, fresh: Tenant) -> Tenant:
        fresh.admin.act(f"/tenants/{fresh.id}/archive")
        return fresh

    def test_it_is_out_of_reach_of_its_members(self, archived: Tenant) -> None:
        member = archived.member
        member.refused(404, "GET", "/groups")
        member.within(None).refused(404, "GET", f"/tenants/{archived.id}")
        body = {"tenant_id": archived.id}
        member.within(None).refused(404, "POST", "/me/current-tenant", body)
        assert member.within(None).items("/me/tenants", archived="any") == []
        member.within(None).refused(404, "GET", "/me/current-tenant")

    def test_its_administrators_see_and_restore_it(self, archived: Tenant) -> None:
        admin = archived.admin.within(None)
        assert admin.get(f"/tenants/{archived.id}")["archived_at"]
        assert admin.items("/tenants", archived="true", id=archived.id)
        assert admin.items("/tenants", id=archived.id) == []
        assert admin.act(f"/tenants/{archived.id}/restore")["archived_at"] is None
        assert archived.member.get("/groups")["items"]

    def test_root_administrators_restore_it(self, archived: Tenant, root: Api) -> None:
        assert root.act(f"/tenants/{archived.id}/restore")["archived_at"] is None


class TestDeleted:
    def test_with_nothing_but_its_seeds_it_goes(self, fresh: Tenant) -> None:
        fresh.admin.act("/me/current-tenant", {"tenant_id": fresh.id})
        fresh.admin.delete(f"/tenants/{fresh.id}")
        fresh.admin.within(None).refused(404, "GET", f"/tenants/{fresh.id}")
        for caller in (fresh.admin, fresh.member):
            caller.refused(404, "GET", "/groups")
            assert caller.within(None).items("/me/tenants") == []
            caller.within(None).refused(404, "GET", "/me/current-tenant")
        fresh.admin.within(None).post("/tenants", {"name": fresh.name})

    @pytest.mark.parametrize(
        ("path", "resource"), [("/groups", "groups"), ("/location-types", "location-types")]
    )
    def test_what_is_in_it_holds_it(self, fresh: Tenant, path: str, resource: str) -> None:
        held = fresh.admin.post(path, {"name": unique("Holds")})
        problem = fresh.admin.refused(409, "DELETE", f"/tenants/{fresh.id}")
        assert problem["conflicts"] == [{"resource": resource, "count": 1}]
        fresh.admin.delete(f"{path}/{held['id']}")
        fresh.admin.delete(f"/tenants/{fresh.id}")

    def test_a_stranger_cannot_tell_it_exists(self, world: World, fresh: Tenant) -> None:
        stranger = world.sign_up()
        foreign = stranger.refused(404, "DELETE", f"/tenants/{fresh.id}")
        nothing = stranger.refused(404, "DELETE", f"/tenants/{NOBODYS_ID}")
        assert anonymous(foreign, fresh.id) == anonymous(nothing, NOBODYS_ID)

    def test_the_deletion_is_logged_where_it_outlives_the_tenant(
        self, fresh: Tenant, root: Api
    ) -> None:
        fresh.admin.delete(f"/tenants/{fresh.id}")
        query = {"record_id": fresh.id, "action": "delete", "resource": "tenants"}
        (event,) = root.items("/audit-events", **query)
        assert event["changes"]["name"] == [fresh.name, None]
