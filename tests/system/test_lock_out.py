"""After five failures a name is locked, known or not; after fifty an address is."""

import secrets

import pytest

from tests.support.api import Api, anonymous
from tests.support.database import Session
from tests.support.people import World, made_up_password
from tests.support.races import at_once
from tests.system.test_sign_in import attempt

PER_NAME = 5
PER_ADDRESS = 50


@pytest.fixture
def api(world: World) -> Api:
    return world.stranger().through(world.elsewhere())


def fail(api: Api, name: str, times: int) -> list[int]:
    return [attempt(api, name, "wrong password 12").status_code for _ in range(times)]


def test_the_sixth_sign_in_waits_although_the_password_is_right(world: World, api: Api) -> None:
    caller = world.sign_up()
    name = caller.user["username"]
    assert fail(api, name, PER_NAME) == [401] * PER_NAME
    locked = attempt(api, name, caller.password)
    assert locked.status_code == 429
    assert int(locked.headers["retry-after"]) >= 1


def test_an_unknown_name_is_locked_alike(world: World, api: Api) -> None:
    known, unknown = world.sign_up().user["username"], f"nobody-{secrets.token_hex(6)}"
    answers = []
    for name in (known, unknown):
        assert fail(api, name, PER_NAME) == [401] * PER_NAME
        answers.append(attempt(api, name, "wrong password 12"))
    assert [answer.status_code for answer in answers] == [429, 429]
    waits = [int(answer.headers["retry-after"]) for answer in answers]
    assert abs(waits[0] - waits[1]) <= 1
    shown = [
        anonymous(answer.json(), str(waits[i]), (known, unknown)[i])
        for i, answer in enumerate(answers)
    ]
    assert shown[0] == shown[1]


def test_four_failures_lock_nobody_out(world: World, api: Api) -> None:
    caller = world.sign_up()
    fail(api, caller.user["username"], PER_NAME - 1)
    assert attempt(api, caller.user["username"], caller.password).status_code == 200


def test_the_case_of_a_name_makes_no_other_name(world: World, api: Api) -> None:
    name = world.sign_up().user["username"]
    for spelling in (name, name.upper(), name.capitalize(), f" {name}", name):
        attempt(api, spelling, "wrong password 12")
    fail(api, name, 1)
    assert attempt(api, name.upper(), "wrong password 12").status_code == 429


def test_open_sessions_live_on(world: World, api: Api) -> None:
    caller = world.sign_up()
    fail(api, caller.user["username"], PER_NAME + 1)
    assert caller.get("/me")["id"] == caller.user["id"]


def test_others_sign_in_meanwhile(world: World, api: Api) -> None:
    victim, other = world.sign_up(), world.sign_up()
    fail(api, victim.user["username"], PER_NAME + 1)
    assert attempt(api, other.user["username"], other.password).status_code == 200


def test_attempts_at_once_do_not_outrun_the_count(world: World, api: Api) -> None:
    name = world.sign_up().user["username"]
    answers = at_once([lambda: attempt(api, name, made_up_password()).status_code] * 20)
    assert sorted(answers) == [401] * PER_NAME + [429] * (20 - PER_NAME)


def test_an_address_is_locked_after_fifty_failures(world: World, api: Api) -> None:
    caller = world.sign_up()
    names = [f"nobody-{secrets.token_hex(6)}" for _ in range(PER_ADDRESS)]
    calls = [
        lambda name=name: attempt(api, name, "wrong password 12").status_code for name in names
    ]
    assert at_once(calls) == [401] * PER_ADDRESS
    locked = attempt(api, caller.user["username"], caller.password)
    assert locked.status_code == 429
    elsewhere = world.stranger().through(world.elsewhere())
    assert attempt(elsewhere, caller.user["username"], caller.password).status_code == 200


def test_a_forged_forwarded_address_does_not_get_around_it(api: Api) -> None:
    for number in range(PER_ADDRESS):
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        form = {"username": f"nobody-{secrets.token_hex(6)}", "password": "wrong password 12"}
        api.expect(401, "POST", "/me/signin", data=form, headers=forged)
    forged = {"X-Forwarded-For": "198.51.100.7"}
    form = {"username": f"nobody-{secrets.token_hex(6)}", "password": "wrong password 12"}
    api.expect(429, "POST", "/me/signin", data=form, headers=forged)


def test_a_lock_out_is_twice_as_long_the_next_time(api: Api, superuser: Session) -> None:
    name = f"nobody-{secrets.token_hex(6)}"
    fail(api, name, PER_NAME)
    first = int(attempt(api, name, "wrong password 12").headers["retry-after"])
    superuser.run("UPDATE sign_in_throttles SET locked_until = now() WHERE locked_until > now()")
    assert fail(api, name, 1) == [401]
    second = int(attempt(api, name, "wrong password 12").headers["retry-after"])
    assert 1.9 * first < second < 2.1 * first


def test_an_old_failure_is_forgotten(world: World, api: Api, superuser: Session) -> None:
    caller = world.sign_up()
    fail(api, caller.user["username"], PER_NAME - 1)
    superuser.run("UPDATE sign_in_throttles SET since = since - interval '16 minutes'")
    assert fail(api, caller.user["username"], 1) == [401]
    assert attempt(api, caller.user["username"], caller.password).status_code == 200


def test_an_open_session_may_not_guess_the_password_either(world: World) -> None:
    caller = world.sign_up()
    guess = {"current_password": "wrong password 12", "new_password": made_up_password()}
    for _ in range(PER_NAME):
        caller.refused(422, "POST", "/me/password", guess)
    right = {**guess, "current_password": caller.password}
    caller.refused(429, "POST", "/me/password", right)
    assert caller.get("/me")["id"] == caller.user["id"]
