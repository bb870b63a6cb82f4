"""Signing in: by username or email, and refusals that tell nothing."""

import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, quote_plus

import httpx
import pytest

from tests.support.api import Api, anonymous, connect, moment
from tests.support.people import World, made_up_password
from tests.support.stack import Database, serving

ATTEMPTS = 50
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def attempt(api: Api, username: str, password: str, **more: str) -> httpx.Response:
    form = {"username": username, "password": password, **more}
    return api.send("POST", "/me/signin", data=form)


@pytest.mark.parametrize("member", ["username", "email"])
def test_either_name_signs_in_whatever_its_case(world: World, member: str) -> None:
    caller = world.sign_up()
    for name in (caller.user[member], caller.user[member].upper()):
        answer = attempt(world.stranger(), name, caller.password)
        assert answer.status_code == 200
        assert answer.json()["user"]["id"] == caller.user["id"]
        assert answer.json()["token_type"] == "bearer"


def test_the_form_of_the_docs_page_signs_in(world: World) -> None:
    caller = world.sign_up()
    more = {"grant_type": "password", "scope": "", "client_id": "", "client_secret": ""}
    answer = attempt(world.stranger(), caller.user["username"], caller.password, **more)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "form",
    [{}, {"username": "x"}, {"password": "x"}, {"username": "x", "password": ""}],
)
def test_both_members_have_to_be_there(world: World, form: dict[str, str]) -> None:
    world.stranger().expect(422, "POST", "/me/signin", data=form)


@pytest.mark.parametrize("grant", ["client_credentials", "Password", "password ", "\0"])
def test_no_other_grant_is_offered(world: World, grant: str) -> None:
    caller = world.sign_up()
    answer = attempt(world.stranger(), caller.user["username"], caller.password, grant_type=grant)
    assert answer.status_code == (422 if grant == "\0" else 400)


def test_a_password_arrives_as_it_was_written(world: World) -> None:
    """`+` is a space, and a `;` parts nothing: some readers end a value there."""
    password = "one+two; three=four&five 100% é"
    name = world.sign_up(password=password).user["username"]
    for written in (
        quote_plus(password),
        quote(password),
        quote_plus(password, safe=";="),
        quote(unicodedata.normalize("NFD", password)),
    ):
        content = f"&username={name}&&password={written}&"
        world.stranger().expect(200, "POST", "/me/signin", content=content, headers=FORM)


@pytest.mark.parametrize("broken", ["%", "%4", "%zz", "100%&scope="])
def test_a_form_that_two_readers_would_read_otherwise_is_malformed(
    world: World, broken: str
) -> None:
    content = f"username=x&password={broken}"
    world.stranger().refused(400, "POST", "/me/signin", content=content, headers=FORM)


def test_each_sign_in_is_another_session(world: World) -> None:
    caller = world.sign_up()
    tokens = {world.again(caller).token for _ in range(3)} | {caller.token}
    assert len(tokens) == 4
    assert len(caller.items("/me/sessions")) == 4


def test_it_is_remembered_when_a_user_last_signed_in(world: World) -> None:
    caller = world.sign_up()
    before = caller.get("/me")["last_signed_in_at"]
    world.again(caller)
    after = caller.get("/me")
    assert moment(after["last_signed_in_at"]) > moment(before)
    assert after["version"] == caller.user["version"]


def test_every_refusal_is_alike(world: World) -> None:
    names = refused_names(world, 1)
    api = world.stranger().through(world.elsewhere())
    answers = [attempt(api, name(0), "wrong password 12") for name in names]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert len({anonymous(answer.json()) for answer in answers}) == 1
    assert len({answer.headers["www-authenticate"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "username", ["", "\x00", "a\x00b", "x" * 10_000, "zażółć", "' OR 1=1 --", "%", "🦊"]
)
def test_odd_names_are_refused_like_others(world: World, username: str) -> None:
    api = world.stranger().through(world.elsewhere())
    assert attempt(api, username, "wrong password 12").status_code in {401, 422}


def test_unencodable_forms_are_refused(world: World) -> None:
    api = world.stranger().through(world.elsewhere())
    for content in (b"username=%ED%A0%80&password=x", b"username=%FF&password=%00", b"\xff\xff"):
        api.refused(400, "POST", "/me/signin", content=content, headers=FORM)


@pytest.fixture
def real_world(world: World, database: Database) -> Iterator[World]:
    """Where a hash costs what it does outside of tests."""
    with serving(database, 1, program="local.server") as address, connect(address) as http:
        yield replace(world, base_url=address, http=http)


def test_refusals_take_the_same_time(real_world: World) -> None:
    """Unknown, wrong and deactivated in turns, each as fast as it ever was: the machine's moods
    only ever add."""
    names = refused_names(real_world, ATTEMPTS // 4 + 1)
    times: list[list[float]] = [[], [], []]
    for number in range(ATTEMPTS):
        if number % 12 == 0:  # an address may fail 50 times
            api = real_world.stranger().through(real_world.elsewhere())
            attempt(api, "nobody-warms-up", "wrong password 12")
        for kind, name in enumerate(names):
            begun = time.perf_counter()
            answer = attempt(api, name(number // 4), "wrong password 12")
            times[kind].append(time.perf_counter() - begun)
            assert answer.status_code == 401
    least = [min(kind) for kind in times]
    assert max(least) < 1.5 * min(least), least  # a password not looked at takes a tenth


def refused_names(world: World, count: int) -> list[Callable[[int], str]]:
    """Names that are unknown, known, and of deactivated users."""
    tenant = world.new_tenant()
    known = [world.sign_up().user["username"] for _ in range(count)]
    gone = [world.new_user(tenant.admin).user for _ in range(count)]
    for user in gone:
        tenant.admin.act(f"/users/{user['id']}/deactivate")
    return [
        lambda number: f"nobody-{number}-{tenant.id.lower()}",
        lambda number: str(known[number]),
        lambda number: str(gone[number]["username"]),
    ]


def test_a_deactivated_user_is_refused_with_the_right_password(world: World) -> None:
    tenant = world.new_tenant()
    tenant.admin.act(f"/users/{tenant.member.user['id']}/deactivate")
    api = world.stranger().through(world.elsewhere())
    right = attempt(api, tenant.member.user["username"], tenant.member.password)
    wrong = attempt(api, tenant.member.user["username"], made_up_password())
    assert (right.status_code, wrong.status_code) == (401, 401)
    assert anonymous(right.json()) == anonymous(wrong.json())
