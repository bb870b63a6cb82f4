"""Tokens: opaque, stored as a hash, refused at once when they are over."""

import itertools
import secrets
import string

import pytest

from tests.support.api import Api, anonymous
from tests.support.database import Session
from tests.support.people import World
from tests.support.races import eventually

EXPIRED = "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE user_id = :id"
IDLE = """
    UPDATE sessions SET last_used_at = now() - interval '11 hours',
        expires_at = now() + interval '1 hour' WHERE user_id = :id
"""
OLD = """
    UPDATE sessions SET last_used_at = now() - interval '2 minutes',
        ends_at = now() + interval '1 hour' WHERE user_id = :id
"""
USED = """
    SELECT extract(epoch FROM expires_at - now()) FROM sessions
    WHERE user_id = :id AND last_used_at > now() - interval '1 minute'
"""
ALPHABET = string.ascii_letters + string.digits


def damaged(token: str) -> list[str]:
    other = "A" if token[-1] != "A" else "B"
    return [
        token[:-1] + other,
        token[:-1],
        token + "A",
        token.lower(),
        token.removeprefix("nxs_"),
        "nxs_",
        "x" * 100_00,
        token[:30] + "".join(secrets.choice(ALPHABET) for _ in token[30:]),
    ]


def test_a_damaged_token_is_refused_like_any_other(world: World) -> None:
    token = str(world.sign_up().token)
    problems = [
        world.stranger().bearing(text).refused(401, "GET", "/me") for text in damaged(token)
    ]
    assert len({anonymous(problem) for problem in problems}) == 1


def test_one_users_session_with_anothers_secret_is_refused(world: World) -> None:
    ada, bob = str(world.sign_up().token), str(world.sign_up().token)
    world.stranger().bearing(ada[:30] + bob[30:]).refused(401, "GET", "/me")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic eDp5", "Token x", "Bearer a b", "nxs_x", "Bearer é"]
)
def test_a_malformed_header_is_refused(world: World, header: str) -> None:
    headers = {"Authorization": header.encode("latin-1")}
    world.stranger().refused(401, "GET", "/me", headers=headers)


def test_the_scheme_may_be_written_in_any_case(world: World) -> None:
    caller = world.sign_up()
    for scheme in ("bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {caller.token}"}
        world.stranger().expect(200, "GET", "/me", headers=headers)


def test_a_token_in_the_query_is_no_token(world: World) -> None:
    caller = world.sign_up()
    world.stranger().refused(401, "GET", f"/me?access_token={caller.token}")


def test_only_a_hash_is_stored(world: World, superuser: Session) -> None:
    caller = world.sign_up()
    secret = str(caller.token)[30:].strip("_")
    tables = superuser.column("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    texts = [superuser.column(f"SELECT t::text FROM {table} t") for table in tables]
    stored = "\n".join(itertools.chain(*texts))
    assert caller.user["id"] in stored
    assert secret not in stored
    assert caller.password not in stored


def test_an_expired_token_is_refused(world: World, superuser: Session) -> None:
    caller = world.sign_up()
    superuser.run(EXPIRED, id=caller.user["id"])
    caller.refused(401, "GET", "/me")


def seconds_left(superuser: Session, caller: Api) -> float:
    """Of the session once it is marked as used: nobody waits for that commit, and it may come
    after the answer."""
    (left,) = eventually(lambda: superuser.column(USED, id=caller.user["id"]))
    return float(left)


def test_a_token_lives_twelve_hours_after_its_last_use(world: World, superuser: Session) -> None:
    caller = world.sign_up()
    superuser.run(IDLE, id=caller.user["id"])
    caller.get("/me")
    assert 12 * 3600 < seconds_left(superuser, caller) <= 12 * 3600 + 60


def test_a_token_lives_thirty_days_at_most(world: World, superuser: Session) -> None:
    caller = world.sign_up()
    days = superuser.value(
        "SELECT extract(epoch FROM ends_at - now()) / 86400 FROM sessions WHERE user_id = :id",
        id=caller.user["id"],
    )
    assert 29.9 < days <= 30
    superuser.run(OLD, id=caller.user["id"])
    caller.get("/me")
    assert 0 < seconds_left(superuser, caller) <= 3600


def test_the_last_use_moves_once_a_minute_at_most(world: World) -> None:
    caller = world.sign_up()
    (before,) = caller.items("/me/sessions")
    for _ in range(5):
        caller.get("/me")
    (after,) = caller.items("/me/sessions")
    assert after["last_used_at"] == before["last_used_at"]
