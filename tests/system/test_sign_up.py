"""Signing up: a global user with no tenant, and a token."""

import re
import secrets
from typing import Any

import pytest

from tests.contract.resource import ULID
from tests.support.api import Json, pointers, slug
from tests.support.people import World, made_up_password, person
from tests.support.races import at_once

TOKEN = re.compile(r"^nxs_([0-7][0-9A-HJKMNP-TV-Z]{25})_?([A-Za-z0-9_-]{43,64})$")
USER = {
    "id",
    "username",
    "email",
    "full_name",
    "deactivated_at",
    "last_signed_in_at",
    "created_at",
    "updated_at",
    "version",
}


def test_the_answer_is_a_bearer_token_and_the_user(world: World) -> None:
    body = person()
    answer = world.stranger().post("/me/signup", body)
    assert answer.keys() == {"access_token", "token_type", "expires_in", "user"}
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 43_200
    assert answer["user"].keys() == USER
    assert ULID.match(answer["user"]["id"])
    expected = (body["username"], body["email"], body["full_name"])
    user = answer["user"]
    assert (user["username"], user["email"], user["full_name"]) == expected


def test_the_token_is_a_prefix_the_session_and_256_random_bits(world: World) -> None:
    caller = world.sign_up()
    match = TOKEN.match(str(caller.token))
    assert match
    (session,) = caller.items("/me/sessions")
    assert match[1] == session["id"]


def test_the_token_works_at_once(world: World) -> None:
    caller = world.sign_up()
    assert caller.get("/me")["id"] == caller.user["id"]


def test_a_new_user_is_in_no_tenant(world: World) -> None:
    caller = world.sign_up()
    assert caller.items("/me/tenants") == []
    assert slug(caller.refused(409, "GET", "/me/groups")) == "no-tenant-selected"
    assert slug(caller.refused(409, "GET", "/users")) == "no-tenant-selected"
    caller.refused(404, "GET", "/me/current-tenant")


def test_the_username_and_the_email_are_folded_to_lower_case(world: World) -> None:
    name = f"Ada.{secrets.token_hex(5)}"
    user = world.sign_up(username=name, email=f"{name}@Example.ORG").user
    assert user["username"] == name.lower()
    assert user["email"] == f"{name}@example.org".lower()


@pytest.mark.parametrize("username", ["a.b", "a_b-c", "0" * 64, "x" * 3])
def test_a_username_is_letters_digits_dots_dashes(world: World, username: str) -> None:
    username = (username + secrets.token_hex(32))[: max(len(username), 40)]
    assert world.sign_up(username=username).user["username"] == username


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("username", "ab"),
        ("username", "x" * 65),
        ("username", "ada lovelace"),
        ("username", "ada@example.org"),
        ("username", "ądam"),
        ("username", "Je\u017fs"),
        ("username", None),
        ("email", "ada"),
        ("email", "ada@"),
        ("email", "a b@example.org"),
        ("email", "ada@example.org\r\nBcc: x@example.org"),
        ("email", "a" * 400 + "@example.org"),
        ("email", None),
        ("password", "elevenchars"),
        ("password", "x" * 1025),
        ("password", None),
        ("password", 123456789012),
        ("full_name", "x" * 201),
        ("full_name", 7),
    ],
)
def test_what_is_out_of_bounds_is_refused(world: World, member: str, value: Any) -> None:
    problem = world.stranger().refused(422, "POST", "/me/signup", {**person(), member: value})
    assert pointers(problem) == [f"/{member}"]
    assert value is None or str(value) not in str(problem) or member != "password"


def test_every_mistake_is_told_at_once(world: World) -> None:
    problem = world.stranger().refused(422, "POST", "/me/signup", {"username": "x", "age": 7})
    assert set(pointers(problem)) == {"/username", "/email", "/password", "/age"}


@pytest.mark.parametrize(
    "password", ["a phrase: 12", "a phrase " * 113 + "of 1024", "zażółć gęślą"]
)
def test_a_password_is_12_to_1024_characters(world: World, password: str) -> None:
    caller = world.sign_up(password=password)
    world.sign_in(caller.user["username"], password)


@pytest.mark.parametrize("member", ["username", "email"])
def test_what_is_taken_is_refused_whatever_its_case(world: World, member: str) -> None:
    taken = world.sign_up().user[member]
    for value in (taken, taken.upper()):
        problem = world.stranger().refused(409, "POST", "/me/signup", {**person(), member: value})
        assert member in str(problem)


@pytest.mark.parametrize("member", ["username", "email"])
def test_twenty_at_once_with_one_name_make_one_user(world: World, member: str) -> None:
    taken = person()[member]
    bodies: list[Json] = [{**person(), member: taken} for _ in range(20)]
    calls = [
        lambda body=body: world.stranger().send("POST", "/me/signup", json=body) for body in bodies
    ]
    answers = at_once(calls)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    (winner,) = [answer.json() for answer in answers if answer.status_code == 201]
    assert winner["user"][member] == taken


def test_a_retried_sign_up_makes_one_user_and_stores_no_token(world: World) -> None:
    key, body = {"Idempotency-Key": secrets.token_hex(16)}, person()
    first = world.stranger().send("POST", "/me/signup", json=body, headers=key)
    second = world.stranger().send("POST", "/me/signup", json=body, headers=key)
    assert first.status_code == 201
    assert second.status_code in {201, 409}
    other = {**body, "password": made_up_password()}
    again = world.stranger().send("POST", "/me/signup", json=other, headers=key)
    assert again.status_code in {409, 422}
