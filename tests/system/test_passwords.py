"""New passwords: none that is guessed first, none with the user's name in it, not the old one."""

from collections.abc import Callable

import pytest

from nexus.access.passwords import hash_password
from tests.support.api import Json, pointers
from tests.support.people import Tenant, World, made_up_password, person

GUESSED_FIRST = (
    "password1234",
    "123456789012",
    "qwertyuiop12",
    "passwordpassword",
    "1q2w3e4r5t6y",
    "P@ssw0rd1234",
    "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44\uff11\uff12\uff13\uff14",  # in full width
    "x" * 12,
    "x" * 1024,
    "é" * 12,
    "🦊" * 12,
    " " * 12,
)
PHRASES = (
    "a long pass phrase",
    "change it at first sign-in",
    "correct horse battery staple",
    "testing-the-api-2027",
    "zażółć gęślą",
    "   spaces around   ",
    "<[9@+$7{64|5(1" * 73,
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(ord("!"), ord("~") + 1)}
WAYS_TO_WRITE: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "in full width": lambda text: text.translate(FULL_WIDTH),
}

type Setting = Callable[[int, Json], Json]
"""Sets the password of a user, described as for a sign-up; what is answered with that status."""


def test_a_hash_costs_what_guessing_may_not() -> None:
    """Outside of tests' servers: OWASP's parameters of argon2id."""
    assert hash_password("a long pass phrase").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.fixture(params=["sign up", "create", "change"])
def setting(request: pytest.FixtureRequest, world: World, tenant: Tenant) -> Setting:
    """Each way in which a password is set."""

    def sign_up(status: int, body: Json) -> Json:
        answer: Json = world.stranger().expect(status, "POST", "/me/signup", json=body).json()
        return answer

    def create(status: int, body: Json) -> Json:
        answer: Json = tenant.admin.expect(status, "POST", "/users", json=body).json()
        return answer

    def change(status: int, body: Json) -> Json:
        caller = world.sign_up(**{**body, "password": made_up_password()})
        before = {"current_password": caller.password, "new_password": body["password"]}
        done = status if status == 422 else 204
        answer = caller.expect(done, "POST", "/me/password", json=before)
        if done == 204:
            return caller.user
        assert world.again(caller).get("/me")["version"] == caller.user["version"]
        problem: Json = answer.json()
        (told,) = problem["errors"]
        return {**problem, "errors": [{**told, "pointer": told["pointer"].replace("new_", "")}]}

    ways = {"sign up": sign_up, "create": create, "change": change}
    return ways[str(request.param)]


def refused(setting: Setting, **given: str) -> str:
    """What is wrong with the password."""
    body = {**person(), **given}
    problem = setting(422, body)
    assert pointers(problem) == ["/password"]
    assert body["password"] not in str(problem)
    message: str = problem["errors"][0]["message"]
    return message


@pytest.mark.parametrize("password", GUESSED_FIRST, ids=lambda password: ascii(password[:12]))
def test_what_is_guessed_first_is_refused(setting: Setting, password: str) -> None:
    assert "choose a phrase" in refused(setting, password=password)


@pytest.mark.parametrize("password", PHRASES, ids=lambda password: ascii(password[:20]))
def test_a_phrase_is_taken(world: World, setting: Setting, password: str) -> None:
    body = {**person(), "password": password}
    setting(201, body)
    world.sign_in(body["username"], password)


@pytest.mark.parametrize("member", ["username", "email"])
@pytest.mark.parametrize("way", WAYS_TO_WRITE)
def test_a_password_has_no_name_of_the_user_in_it(setting: Setting, member: str, way: str) -> None:
    name = person()["username"]
    written = WAYS_TO_WRITE[way](name)
    given = {"username": name} if member == "username" else {"email": f"{name}@example.org"}
    assert member in refused(setting, **given, password=f"they call me {written}.")


def test_a_name_is_found_however_its_letters_fold(setting: Setting) -> None:
    name = person()["username"]
    password = f"they call me {name.upper()}STRASSE."
    assert "email" in refused(setting, email=f"{name}straße@example.org", password=password)


def test_names_of_less_than_four_letters_and_domains_do_not_count(setting: Setting) -> None:
    domain = f"{person()['username']}.example"
    setting(201, {**person(), "email": f"ann@{domain}", "password": f"my ann is at {domain}"})
    assert "email" in refused(setting, email=f"anna@{domain}", password="a susanna of a fiddle")


@pytest.mark.parametrize("way", ["as it is", "in full width"])
def test_a_password_is_not_changed_into_itself(world: World, way: str) -> None:
    caller = world.sign_up()
    again = WAYS_TO_WRITE[way](caller.password)
    body = {"current_password": caller.password, "new_password": again}
    problem = caller.refused(422, "POST", "/me/password", body)
    assert pointers(problem) == ["/new_password"]
    assert "old one" in problem["detail"]


def test_who_does_not_know_the_old_password_learns_nothing_of_the_new_one(world: World) -> None:
    caller = world.sign_up()
    body = {"current_password": made_up_password(), "new_password": "password1234"}
    assert pointers(caller.refused(422, "POST", "/me/password", body)) == ["/current_password"]


def test_only_who_may_create_users_is_told(tenant: Tenant) -> None:
    body = {**person(), "password": "password1234"}
    tenant.member.refused(403, "POST", "/users", body)
