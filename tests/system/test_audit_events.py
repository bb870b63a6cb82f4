"""Audit events: who changed what, when, from what to what, by which request."""

import secrets

import pytest

from tests.contract.resource import NOBODYS_ID, TIMESTAMP
from tests.support.api import Api, Json, anonymous
from tests.support.people import Tenant, World, made_up_password, unique

EVENT = {
    "id",
    "tenant_id",
    "actor_id",
    "action",
    "resource",
    "record_id",
    "changes",
    "occurred_at",
    "request_id",
}


@pytest.fixture
def fresh(world: World) -> Tenant:
    return world.new_tenant()


def events(api: Api, record: str, **query: str) -> list[Json]:
    return api.items("/audit-events", record_id=record, sort="occurred_at", **query)


def test_a_life_is_an_insert_updates_and_a_delete(fresh: Tenant) -> None:
    names = [unique("Before"), unique("After")]
    group = fresh.admin.post("/groups", {"name": names[0]})
    fresh.admin.patch(f"/groups/{group['id']}", {"name": names[1]})
    fresh.admin.delete(f"/groups/{group['id']}")
    made, changed, gone = events(fresh.admin, group["id"])
    assert [event["action"] for event in (made, changed, gone)] == ["insert", "update", "delete"]
    assert made["changes"]["name"] == [None, names[0]]
    assert changed["changes"] == {"name": names}
    assert gone["changes"]["name"] == [names[1], None]
    for event in (made, changed, gone):
        assert event.keys() >= EVENT
        assert TIMESTAMP.match(event["occurred_at"])
        told = (event["tenant_id"], event["actor_id"], event["resource"])
        assert told == (fresh.id, fresh.admin.user["id"], "groups")


def test_archiving_and_restoring_are_updates(fresh: Tenant) -> None:
    group = fresh.new_group()
    archived = fresh.admin.act(f"/groups/{group['id']}/archive")
    fresh.admin.act(f"/groups/{group['id']}/restore")
    changes = [event["changes"]["archived_at"] for event in events(fresh.admin, group["id"])[1:]]
    assert [[bool(value) for value in pair] for pair in changes] == [[False, True], [True, False]]
    assert changes[0][1][:19] == archived["archived_at"][:19]


def test_what_changes_nothing_leaves_no_event(fresh: Tenant) -> None:
    group = fresh.new_group()
    fresh.admin.patch(f"/groups/{group['id']}", {"name": group["name"]})
    fresh.admin.refused(422, "PATCH", f"/groups/{group['id']}", {"name": ""})
    fresh.admin.refused(412, "PATCH", f"/groups/{group['id']}", {"name": "x"}, headers=STALE)
    fresh.admin.act(f"/groups/{group['id']}/restore")
    assert len(events(fresh.admin, group["id"])) == 1


STALE = {"If-Match": '"9"'}


def test_the_request_is_told(fresh: Tenant) -> None:
    request = f"audit-{secrets.token_hex(8)}"
    body = {"name": unique("Traced")}
    made = fresh.admin.expect(201, "POST", "/groups", json=body, headers={"X-Request-Id": request})
    assert made.headers["x-request-id"] == request
    (event,) = events(fresh.admin, made.json()["id"])
    assert event["request_id"] == request
    assert fresh.admin.items("/audit-events", request_id=request) == [event]


def test_memberships_and_users_are_told(fresh: Tenant) -> None:
    group = fresh.new_group()
    membership = fresh.add(group, user_id=fresh.member.user["id"])
    fresh.admin.delete(f"/groups/{group['id']}/memberships/{membership['id']}")
    told = [(event["action"], event["resource"]) for event in events(fresh.admin, membership["id"])]
    assert told == [("insert", "memberships"), ("delete", "memberships")]
    (made,) = events(fresh.admin, fresh.member.user["id"], action="insert")
    assert (made["resource"], made["actor_id"]) == ("users", fresh.admin.user["id"])


def test_records_of_two_words_are_told_as_in_their_path(fresh: Tenant) -> None:
    made = fresh.admin.post("/location-types", {"name": unique("Told")})
    (event,) = events(fresh.admin, made["id"])
    assert event["resource"] == "location-types"


def test_no_password_is_told(world: World, fresh: Tenant, root: Api) -> None:
    member, new = fresh.member, made_up_password()
    body = {"current_password": member.password, "new_password": new}
    member.expect(204, "POST", "/me/password", json=body)
    for reader in (fresh.admin, root):
        told = str(reader.pages("/audit-events", record_id=member.user["id"], limit=200))
        assert "argon2" not in told
        assert new not in told
        assert member.password not in told
    assert world.sign_in(member.user["username"], new)


def test_members_do_not_read_them(fresh: Tenant) -> None:
    (event, *_) = fresh.admin.items("/audit-events", limit=1)
    fresh.member.refused(403, "GET", "/audit-events")
    fresh.member.refused(403, "GET", f"/audit-events/{event['id']}")


def test_another_tenants_events_look_like_none(fresh: Tenant, other_tenant: Tenant) -> None:
    (event, *_) = fresh.admin.items("/audit-events", limit=1)
    foreigner = other_tenant.admin
    foreign = foreigner.refused(404, "GET", f"/audit-events/{event['id']}")
    nothing = foreigner.refused(404, "GET", f"/audit-events/{NOBODYS_ID}")
    assert anonymous(foreign, event["id"]) == anonymous(nothing, NOBODYS_ID)
    assert foreigner.items("/audit-events", id=event["id"]) == []
    assert {e["tenant_id"] for e in foreigner.items("/audit-events")} == {other_tenant.id}


def test_they_are_read_one_by_one(fresh: Tenant) -> None:
    (event, *_) = fresh.admin.items("/audit-events", limit=1)
    assert fresh.admin.get(f"/audit-events/{event['id']}") == event
    fresh.admin.refused(404, "GET", "/audit-events/x")


def test_no_route_changes_them(fresh: Tenant) -> None:
    (event, *_) = fresh.admin.items("/audit-events", limit=1)
    for method in ("PATCH", "PUT", "DELETE"):
        fresh.admin.refused(405, method, f"/audit-events/{event['id']}", {})
    fresh.admin.refused(405, "POST", "/audit-events", {})


def test_they_are_filtered_sorted_and_paged(fresh: Tenant) -> None:
    groups = [fresh.new_group() for _ in range(3)]
    admin = fresh.admin
    query = {"resource": "groups", "action": "insert", "sort": "-occurred_at"}
    paged = admin.pages("/audit-events", **query, limit=2)
    assert [event["record_id"] for event in paged[:3]] == [g["id"] for g in reversed(groups)]
    since = paged[1]["occurred_at"]
    recent = admin.items("/audit-events", **query, occurred_at__gte=since)
    assert [event["record_id"] for event in recent] == [groups[2]["id"], groups[1]["id"]]
    actor = admin.user["id"]
    (one,) = admin.items("/audit-events", record_id=groups[0]["id"], actor_id=actor, expand="actor")
    assert one["actor"]["username"] == admin.user["username"]
    assert admin.items("/audit-events", actor_id=fresh.member.user["id"], resource="groups") == []


def test_what_root_administrators_do_here_is_told_here(fresh: Tenant, root: Api) -> None:
    made = root.within(fresh.id).post("/groups", {"name": unique("By root")})
    (event,) = events(fresh.admin, made["id"])
    assert event["actor_id"] == root.user["id"]
