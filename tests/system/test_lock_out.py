"""After five failures from one address a name is locked there, known or not; after twenty-five from
anywhere it is locked for all but those who signed in where they are; after fifty an address is."""

import secrets

import pytest

from tests.support.api import Api, anonymous, pointers
from tests.support.database import Session
from tests.support.people import World, made_up_password, person
from tests.support.races import at_once
from tests.system.test_sign_in import attempt

PER_NAME = 5
OVER_ALL = 25
A_MINUTE = 60
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
    assert all(0 < wait <= A_MINUTE for wait in waits)
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


def test_failures_elsewhere_hold_nobody_up(world: World, api: Api) -> None:
    caller = world.sign_up()
    fail(api, caller.user["username"], PER_NAME + 1)
    assert attempt(world.stranger(), caller.user["username"], caller.password).status_code == 200
    newly = world.stranger().through(world.elsewhere())
    assert attempt(newly, caller.user["username"], caller.password).status_code == 200


class TestANameOverAllAddresses:
    def lock(self, world: World, name: str) -> None:
        for _ in range(OVER_ALL // PER_NAME):
            api = world.stranger().through(world.elsewhere())
            assert fail(api, name, PER_NAME) == [401] * PER_NAME

    def test_it_is_locked_where_the_user_has_not_signed_in(self, world: World) -> None:
        caller = world.sign_up()
        name = caller.user["username"]
        self.lock(world, name)
        newly = world.stranger().through(world.elsewhere())
        locked = attempt(newly, name, caller.password)
        assert locked.status_code == 429
        assert int(locked.headers["retry-after"]) >= 1
        assert attempt(world.stranger(), name, caller.password).status_code == 200
        by_email = attempt(newly, caller.user["email"], caller.password)
        assert by_email.status_code == 200  # another name

    def test_an_unknown_one_alike(self, world: World) -> None:
        name = f"nobody-{secrets.token_hex(6)}"
        self.lock(world, name)
        newly = world.stranger().through(world.elsewhere())
        assert attempt(newly, name, "wrong password 12").status_code == 429

    def test_an_address_is_known_for_thirty_days(self, world: World, superuser: Session) -> None:
        caller = world.sign_up()
        superuser.run(
            "UPDATE known_addresses SET expires_at = expires_at - interval '30 days'"
            " WHERE user_id = :id",
            id=caller.user["id"],
        )
        self.lock(world, caller.user["username"])
        locked = attempt(world.stranger(), caller.user["username"], caller.password)
        assert locked.status_code == 429

    def test_one_more_failure_does_not_lock_it_again(
        self, world: World, superuser: Session
    ) -> None:
        """Or one request an hour would keep it locked."""
        caller = world.sign_up()
        name = caller.user["username"]
        self.lock(world, name)
        superuser.run(
            "UPDATE sign_in_throttles SET locked_until = now() WHERE locked_until > now()"
        )
        assert fail(world.stranger().through(world.elsewhere()), name, 1) == [401]
        newly = world.stranger().through(world.elsewhere())
        assert attempt(newly, name, caller.password).status_code == 200

    def test_attempts_at_once_from_many_addresses_do_not_outrun_the_count(
        self, world: World
    ) -> None:
        name = world.sign_up().user["username"]
        apis = [world.stranger().through(world.elsewhere()) for _ in range(8)]
        calls = [
            lambda api=api: attempt(api, name, made_up_password()).status_code
            for api in apis
            for _ in range(PER_NAME)
        ]
        answers = at_once(calls)
        assert sorted(answers) == [401] * OVER_ALL + [429] * (len(calls) - OVER_ALL)


def test_right_passwords_at_once_are_never_held_up(world: World) -> None:
    caller = world.sign_up()
    for api in (world.stranger(), world.stranger().through(world.elsewhere())):
        calls = [
            lambda api=api: attempt(api, caller.user["username"], caller.password).status_code
        ] * 12
        assert at_once(calls) == [200] * 12


def test_right_and_wrong_ones_at_once_do_not_wait_for_each_other(world: World) -> None:
    """A right one frees the slots of those that failed before it."""
    caller = world.sign_up()
    for _ in range(4):
        api = world.stranger().through(world.elsewhere())
        passwords = [caller.password] * 9 + ["wrong password 12"] * 3
        calls = [
            lambda api=api, password=password: attempt(api, caller.user["username"], password)
            for password in passwords
        ]
        answers = [answer.status_code for answer in at_once(calls)]
        assert answers == [200] * 9 + [401] * 3


def test_right_passwords_among_wrong_ones_use_nothing_up(world: World, api: Api) -> None:
    caller = world.sign_up()
    name = caller.user["username"]
    fail(api, name, PER_NAME - 1)

    def right() -> int:
        return attempt(api, name, caller.password).status_code

    assert at_once([right] * 6) == [200] * 6
    assert fail(api, name, PER_NAME) == [401] * PER_NAME  # a right one starts anew
    assert right() == 429


def test_others_sign_in_meanwhile(world: World, api: Api) -> None:
    victim, other = world.sign_up(), world.sign_up()
    fail(api, victim.user["username"], PER_NAME + 1)
    assert attempt(api, other.user["username"], other.password).status_code == 200


def test_attempts_at_once_do_not_outrun_the_count(world: World, api: Api) -> None:
    name = world.sign_up().user["username"]
    answers = at_once([lambda: attempt(api, name, made_up_password()).status_code] * 32)
    assert sorted(answers) == [401] * PER_NAME + [429] * (32 - PER_NAME)


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
    assert 0 < first <= A_MINUTE < second <= 2 * A_MINUTE


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
    assert attempt(world.stranger(), caller.user["username"], caller.password).status_code == 429


def test_nor_on_the_way_to_another_name(world: World) -> None:
    caller = world.sign_up()
    change = {"email": person()["email"], "current_password": "wrong password 12"}
    for _ in range(PER_NAME):
        problem = caller.refused(422, "PATCH", "/me", change)
        assert pointers(problem) == ["/current_password"]
    caller.refused(429, "PATCH", "/me", {**change, "current_password": caller.password})
    assert caller.get("/me")["email"] == caller.user["email"]
