"""The signed-in user: who one is, and how one likes it."""

import json
from typing import Any

import pytest

from tests.contract.resource import NOBODYS_ID, current, stale
from tests.support.api import Json, pointers
from tests.support.database import Session
from tests.support.people import Tenant, World, person
from tests.support.races import while_locked_by

DEFAULTS: Json = {
    "default_tenant_id": None,
    "default_project_id": None,
    "time_zone": "UTC",
    "theme": "system",
    "page_size": 50,
    "extra": {},
}


def test_one_changes_ones_own_names(world: World) -> None:
    caller, other = world.sign_up(), person()
    change = {"username": other["username"].upper(), "email": other["email"], "full_name": None}
    change["current_password"] = caller.password
    changed = caller.patch("/me", change)
    assert (changed["username"], changed["email"]) == (other["username"], other["email"])
    assert (changed["full_name"], changed["version"]) == (None, 2)
    assert caller.get("/me") == changed
    world.sign_in(other["email"], caller.password)


@pytest.mark.parametrize("member", ["username", "email"])
def test_another_name_takes_the_password(world: World, member: str) -> None:
    caller, other = world.sign_up(), person()
    for given in ({}, {"current_password": "wrong password 12"}):
        problem = caller.refused(422, "PATCH", "/me", {member: other[member], **given})
        assert pointers(problem) == ["/current_password"]
    same = {member: caller.user[member].upper(), "full_name": "Renamed"}
    assert caller.patch("/me", same)["full_name"] == "Renamed"
    change = {member: other[member], "current_password": caller.password}
    assert caller.patch("/me", change)[member] == other[member]


def test_an_old_password_changes_no_name_after_the_next_one(world: World, holder: Session) -> None:
    """Though it was right when it was looked at."""
    caller = world.sign_up()
    changed = "UPDATE users SET password_hash = 'another' WHERE id = :id"
    change = {"email": person()["email"], "current_password": caller.password}
    answer = while_locked_by(
        holder, changed, lambda: caller.send("PATCH", "/me", json=change), id=caller.user["id"]
    )
    assert (answer.status_code, pointers(answer.json())) == (422, ["/current_password"])


def test_a_name_is_not_changed_back_without_the_password(world: World, holder: Session) -> None:
    caller = world.sign_up()
    changed = "UPDATE users SET username = username || '.x' WHERE id = :id"
    same = {"username": caller.user["username"]}
    answer = while_locked_by(
        holder, changed, lambda: caller.send("PATCH", "/me", json=same), id=caller.user["id"]
    )
    assert (answer.status_code, pointers(answer.json())) == (422, ["/current_password"])


@pytest.mark.parametrize(
    "member", ["id", "password", "password_hash", "deactivated_at", "last_signed_in_at", "version"]
)
def test_one_changes_nothing_else(world: World, member: str) -> None:
    problem = world.sign_up().refused(422, "PATCH", "/me", {member: "x"})
    assert pointers(problem) == [f"/{member}"]


def test_one_does_not_take_anothers_name(world: World) -> None:
    ada, bob = world.sign_up(), world.sign_up()
    for member in ("username", "email"):
        change = {member: bob.user[member].upper(), "current_password": ada.password}
        ada.refused(409, "PATCH", "/me", change)
    assert ada.get("/me")["version"] == 1


def test_oneself_has_a_version(world: World) -> None:
    caller = world.sign_up()
    me = caller.expect(200, "GET", "/me")
    assert me.headers["etag"] == f'"{caller.user["id"]}-1"'
    caller.expect(304, "GET", "/me", headers={"If-None-Match": me.headers["etag"]})
    caller.refused(412, "PATCH", "/me", {"full_name": "A"}, headers=stale(me.json()))
    caller.patch("/me", {"full_name": "A"}, headers=current(me.json()))


def test_preferences_begin_with_defaults(world: World) -> None:
    caller = world.sign_up()
    preferences = caller.get("/me/preferences")
    assert {key: preferences[key] for key in DEFAULTS} == DEFAULTS
    assert preferences["user_id"] == caller.user["id"]
    assert preferences["locale"]
    assert preferences["version"] == 1


def test_preferences_are_patched(world: World) -> None:
    caller = world.sign_up()
    change = {"time_zone": "Europe/Warsaw", "theme": "dark", "page_size": 200, "locale": "pl-PL"}
    changed = caller.patch("/me/preferences", change)
    assert {key: changed[key] for key in change} == change
    assert changed["version"] == 2
    assert caller.patch("/me/preferences", change)["version"] == 2
    assert caller.get("/me/preferences") == changed
    headers = {"If-Match": '"1"'}
    caller.refused(412, "PATCH", "/me/preferences", {"theme": "light"}, headers=headers)
    tag = f'"{changed["id"]}-2"'
    caller.expect(304, "GET", "/me/preferences", headers={"If-None-Match": tag})


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("time_zone", "Europe/Warschau"),
        ("time_zone", "../etc/passwd"),
        ("time_zone", ""),
        ("time_zone", "localtime"),
        ("time_zone", "posixrules"),
        ("time_zone", "Factory"),
        ("time_zone", "europe/warsaw"),
        ("time_zone", "/usr/share/zoneinfo/UTC"),
        ("theme", "pink"),
        ("page_size", 0),
        ("page_size", 201),
        ("page_size", "many"),
        ("page_size", None),
        ("extra", []),
        ("extra", "text"),
        ("locale", ""),
        ("locale", "x" * 300),
        ("locale", "en_GB"),
        ("locale", "en-"),
        ("locale", "en-x"),
        ("locale", "en-a"),
        ("locale", "d"),
        ("locale", "de-419-DE"),
        ("locale", "en-GB\n"),
        ("user_id", NOBODYS_ID),
        ("default_tenant_id", NOBODYS_ID),
        ("default_tenant_id", "x"),
        ("default_project_id", NOBODYS_ID),
        ("colour", "red"),
    ],
)
def test_preferences_are_validated(tenant: Tenant, member: str, value: Any) -> None:
    problem = tenant.admin.refused(422, "PATCH", "/me/preferences", {member: value})
    assert pointers(problem)[0].startswith(f"/{member}")


@pytest.mark.parametrize(
    "tag",
    [
        *("de", "EN-gb", "zh-Hant-TW", "zh-cmn-Hans-CN", "sl-rozaj-biske", "de-CH-1901", "es-419"),
        *("hy-Latn-IT-arevela", "de-DE-u-co-phonebk", "en-a-myext-b-another", "en-US-x-twain"),
        *("x-whatever", "i-klingon", "sgn-BE-FR", "art-lojban"),
    ],
)
def test_any_language_tag_is_a_locale(world: World, tag: str) -> None:
    changed = world.sign_up().patch("/me/preferences", {"locale": tag})
    assert changed["locale"] == tag


@pytest.mark.parametrize("zone", ["Etc/GMT+5", "America/Argentina/Ushuaia", "EST5EDT", "UTC"])
def test_any_zone_of_the_database_is_a_time_zone(world: World, zone: str) -> None:
    assert world.sign_up().patch("/me/preferences", {"time_zone": zone})["time_zone"] == zone


def test_anything_else_is_kept_and_merged(world: World) -> None:
    caller = world.sign_up()
    caller.patch("/me/preferences", {"extra": {"columns": {"a": 1, "b": [1, {}]}, "left": True}})
    merged = caller.patch("/me/preferences", {"extra": {"columns": {"a": None, "c": "ż"}}})
    assert merged["extra"] == {"columns": {"b": [1, {}], "c": "ż"}, "left": True}


def test_anything_else_is_up_to_8_kibibytes(world: World) -> None:
    caller = world.sign_up()
    fits = {"text": "x" * (8192 - len(json.dumps({"text": ""})))}
    assert caller.patch("/me/preferences", {"extra": fits})["extra"] == fits
    problem = caller.refused(422, "PATCH", "/me/preferences", {"extra": {"more": "x" * 20}})
    assert pointers(problem) == ["/extra"]


@pytest.mark.parametrize(
    "extra",
    [
        '{"a": "\\ud800"}',
        '{"\\udfff": 1}',
        '{"a": ["\\u0000"]}',
        '{"\\u0000": 1}',
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": ' + "[" * 500 + "]" * 500 + "}",
    ],
)
def test_what_cannot_be_stored_is_refused(world: World, extra: str) -> None:
    caller = world.sign_up()
    answer = caller.send(
        "PATCH",
        "/me/preferences",
        content=f'{{"extra": {extra}}}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}
    for _ in range(20):
        assert caller.get("/me/preferences")["extra"] == {}


def test_the_default_tenant_is_one_in_reach(world: World) -> None:
    caller, foreign = world.sign_up(), world.new_tenant()
    tenants = [world.new_tenant(caller) for _ in range(2)]
    body = {"default_tenant_id": foreign.id}
    assert pointers(caller.refused(422, "PATCH", "/me/preferences", body)) == ["/default_tenant_id"]
    caller.patch("/me/preferences", {"default_tenant_id": tenants[1].id})
    assert caller.get("/me/current-tenant")["id"] == tenants[1].id
    caller.patch("/me/preferences", {"default_tenant_id": None})
    caller.refused(404, "GET", "/me/current-tenant")


def test_preferences_are_ones_own(world: World) -> None:
    tenant = world.new_tenant()
    tenant.member.patch("/me/preferences", {"theme": "dark"})
    assert tenant.admin.get("/me/preferences")["theme"] == "system"
