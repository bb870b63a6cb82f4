"""Odd values at the edges of what is promised: each broke something once."""

import httpx
import pytest

from tests.support.api import Api
from tests.support.makers import at, new_item
from tests.support.people import Tenant, World, unique

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("body", [rb'{"\ud800":"\ud800"}', rb'{"a":{"\u0000":["\u0000"]}}'])
def test_names_of_members_that_cannot_be_stored_are_refused(tenant: Tenant, body: bytes) -> None:
    tenant.admin.refused(422, "POST", "/groups", content=body, headers=JSON)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_beyond_the_calendar_is_out_of_range(tenant: Tenant, moment: str) -> None:
    answer = tenant.admin.send("GET", "/groups", params={"created_at__gte": moment})
    assert answer.status_code == 400


@pytest.mark.parametrize("limit", ["000000001999", "0001", "1" * 5000])
def test_a_limit_is_a_plain_number(tenant: Tenant, limit: str) -> None:
    assert tenant.admin.send("GET", "/groups", params={"limit": limit}).status_code == 400


@pytest.mark.parametrize("sign", ["\N{SYMBOL FOR SUBSTITUTE}", "\x1a"], ids=repr)
def test_a_replay_repeats_every_sign(tenant: Tenant, sign: str) -> None:
    headers = {"Idempotency-Key": unique("key")}
    body = {"name": unique("Sign"), "description": f"a {sign} b"}
    first, second = (
        tenant.admin.send("POST", "/groups", json=body, headers=headers).json() for _ in range(2)
    )
    assert first == second
    assert first["description"] == body["description"]


def test_a_number_becomes_a_truth_value(tenant: Tenant) -> None:
    for value in (1, True, 1.5):
        changed = tenant.admin.patch("/me/preferences", {"extra": {"a": value}})
        assert repr(changed["extra"]["a"]) == repr(value)


def test_one_number_is_one_whatever_its_point(tenant: Tenant) -> None:
    item = new_item(tenant.admin, attributes={"firmware": 1.0, "ports": [1.0, {"a": 0}]})
    path = f"/configuration-items/{item['id']}"
    before = tenant.admin.expect(200, "GET", path)
    for attributes in ({"firmware": 1}, {"ports": [1, {"a": 0.0}]}):
        tenant.admin.patch(path, {"attributes": attributes})
    after = tenant.admin.expect(200, "GET", path)
    assert (after.headers["etag"], after.text) == (before.headers["etag"], before.text)
    changed = tenant.admin.patch(path, {"attributes": {"ports": [True, {"a": False}]}})
    assert (changed["version"], changed["attributes"]["ports"]) == (2, [True, {"a": False}])


def test_extra_is_measured_as_it_is_written(tenant: Tenant) -> None:
    tenant.admin.patch("/me/preferences", {"extra": {"a": "ж" * 4000}})
    answer = tenant.admin.send("PATCH", "/me/preferences", json={"extra": {"a": "ж" * 5000}})
    assert answer.status_code == 422


def test_a_long_email_is_found_too(world: World, tenant: Tenant, closed: httpx.Client) -> None:
    email = f"{unique('long').replace(' ', '')}@{'a' * 60}.{'b' * 60}.example"
    user = world.sign_up(email=email)
    added = tenant.admin.through(closed).post(
        f"/groups/{tenant.group('users')['id']}/memberships", {"email": email.upper()}
    )
    assert added["user_id"] == user.user["id"]


def test_a_session_is_not_ended_by_a_stale_version(world: World) -> None:
    caller = world.sign_up()
    session = caller.items("/me/sessions")[0]
    path = f"/me/sessions/{session['id']}"
    assert caller.send("DELETE", path, headers={"If-Match": '"99"'}).status_code == 412
    assert caller.send("DELETE", path, headers={"If-Match": '"1"'}).status_code == 204


def test_events_of_those_who_left_are_found(tenant: Tenant) -> None:
    page = tenant.admin.get("/audit-events", actor_id="01J0000000000000000000000Z")
    assert page["items"] == []


def test_fields_that_name_nothing_hide_nothing(tenant: Tenant) -> None:
    group = tenant.new_group()
    assert "version" in tenant.admin.get(f"/groups/{group['id']}", fields=",")
    assert "version" not in tenant.admin.get(f"/groups/{group['id']}", fields="id")


def test_in_an_archived_tenant_nothing_is_written(tenant: Tenant) -> None:
    admin: Api = tenant.admin
    admin.act(f"/tenants/{tenant.id}/archive")
    admin.refused(409, "POST", "/groups", {"name": unique("Late")})
    assert admin.get("/groups")["items"]
    admin.act(f"/tenants/{tenant.id}/restore")
    admin.post("/groups", {"name": unique("In time")})


def test_of_many_mistakes_a_hundred_are_told(tenant: Tenant) -> None:
    body = {f"member_{number}": number for number in range(1000)}
    errors = tenant.admin.refused(422, "POST", "/groups", body)["errors"]
    assert len(errors) == 100
    assert errors[0] == {"pointer": "/name", "message": "is missing"}
    assert errors[1] == {"pointer": "/member_0", "message": "there is no such member"}


def test_mistakes_are_told_in_plain_words(tenant: Tenant) -> None:
    for body, pointer, message in (
        ([], "", "has to be a JSON object"),
        ({"name": "x", "attributes": []}, "/attributes", "has to be a JSON object"),
    ):
        problem = tenant.admin.refused(422, "POST", "/configuration-items", body)
        assert problem["errors"] == [{"pointer": pointer, "message": message}]
    person = tenant.admin.post("/persons", {})
    problem = tenant.admin.refused(
        422, "PUT", at(person, "contacts", "order"), {"contact_ids": "x"}
    )
    assert problem["errors"] == [{"pointer": "/contact_ids", "message": "has to be a JSON array"}]
