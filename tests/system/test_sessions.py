"""Sessions: listed, ended one by one, ended all at once by a new password."""

from functools import partial

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, anonymous, pointers
from tests.support.database import Session
from tests.support.people import World, made_up_password
from tests.support.races import at_once

SESSION = {
    "id",
    "user_id",
    "tenant_id",
    "project_id",
    "created_at",
    "last_used_at",
    "expires_at",
    "ip",
    "user_agent",
    "current",
}


def session_id(caller: Api) -> str:
    (current,) = [session for session in caller.items("/me/sessions") if session["current"]]
    return str(current["id"])


def test_a_session_tells_where_it_is_used(world: World) -> None:
    api = world.stranger().through(world.elsewhere())
    caller = world.sign_up()
    form = {"username": caller.user["username"], "password": caller.password}
    headers = {"User-Agent": "Projector cart 7"}
    token = api.expect(200, "POST", "/me/signin", data=form, headers=headers).json()["access_token"]
    sessions = caller.bearing(token).items("/me/sessions", sort="created_at")
    assert [session["current"] for session in sessions] == [False, True]
    assert sessions[1].keys() >= SESSION
    assert not {key for key in sessions[1] if "hash" in key or "token" in key}
    assert sessions[1]["user_agent"] == "Projector cart 7"
    assert sessions[1]["ip"].startswith("127.1.")
    assert sessions[1]["user_id"] == caller.user["id"]


def test_only_ones_own_sessions_are_listed(world: World) -> None:
    ada, bob = world.sign_up(), world.sign_up()
    assert {session["user_id"] for session in ada.items("/me/sessions")} == {ada.user["id"]}
    assert session_id(bob) not in [session["id"] for session in ada.items("/me/sessions")]


def test_signing_out_ends_the_session_at_once(world: World, superuser: Session) -> None:
    caller = world.sign_up()
    other = world.again(caller)
    ended = session_id(caller)
    caller.expect(204, "POST", "/me/signout")
    caller.refused(401, "GET", "/me")
    caller.refused(401, "POST", "/me/signout")
    assert ended not in [session["id"] for session in other.items("/me/sessions")]
    lives = "SELECT expires_at > now() + interval '29 days' FROM revoked_tokens WHERE id = :id"
    assert superuser.value(lives, id=ended) is True


def test_another_session_is_ended_by_its_id(world: World) -> None:
    caller = world.sign_up()
    other = world.again(caller)
    caller.delete(f"/me/sessions/{session_id(other)}")
    other.refused(401, "GET", "/me")
    assert caller.get("/me")["id"] == caller.user["id"]


def test_the_current_session_can_be_ended_by_its_id(world: World) -> None:
    caller = world.sign_up()
    caller.delete(f"/me/sessions/{session_id(caller)}")
    caller.refused(401, "GET", "/me")


def test_a_foreign_session_looks_like_none(world: World) -> None:
    ada, bob = world.sign_up(), world.sign_up()
    foreign = session_id(bob)
    problem = ada.refused(404, "DELETE", f"/me/sessions/{foreign}")
    nothing = ada.refused(404, "DELETE", f"/me/sessions/{NOBODYS_ID}")
    assert anonymous(problem, foreign) == anonymous(nothing, NOBODYS_ID)
    ada.refused(404, "DELETE", "/me/sessions/x")
    assert bob.get("/me")["id"] == bob.user["id"]


def test_a_new_password_ends_all_other_sessions(world: World) -> None:
    caller = world.sign_up()
    others = [world.again(caller) for _ in range(2)]
    new = made_up_password()
    body = {"current_password": caller.password, "new_password": new}
    caller.expect(204, "POST", "/me/password", json=body)
    for other in others:
        other.refused(401, "GET", "/me")
    assert len(caller.items("/me/sessions")) == 1
    form = {"username": caller.user["username"], "password": caller.password}
    world.stranger().expect(401, "POST", "/me/signin", data=form)
    world.sign_in(caller.user["username"], new)


def test_a_wrong_current_password_is_refused(world: World) -> None:
    caller = world.sign_up()
    other = world.again(caller)
    body = {"current_password": made_up_password(), "new_password": made_up_password()}
    assert pointers(caller.refused(422, "POST", "/me/password", body)) == ["/current_password"]
    assert other.get("/me")["id"] == caller.user["id"]
    world.again(caller)


def test_no_sign_in_with_the_old_password_slips_past_the_change(world: World) -> None:
    for _ in range(6):
        caller = world.sign_up()
        old = {"username": caller.user["username"], "password": caller.password}
        new = {"current_password": caller.password, "new_password": made_up_password()}
        api = world.stranger().through(world.elsewhere())
        change = partial(caller.send, "POST", "/me/password", json=new)
        sign_in = partial(api.send, "POST", "/me/signin", data=old)
        changed, *answers = at_once([change, sign_in, sign_in, sign_in])
        assert changed.status_code == 204
        tokens = [a.json()["access_token"] for a in answers if a.status_code == 200]
        left = [caller.bearing(token).send("GET", "/me").status_code for token in tokens]
        assert set(left) <= {401}


@pytest.mark.parametrize("password", ["elevenchars", "x" * 1025, None, 7])
def test_a_new_password_is_bounded_like_the_first(world: World, password: object) -> None:
    caller = world.sign_up()
    body = {"current_password": caller.password, "new_password": password}
    assert pointers(caller.refused(422, "POST", "/me/password", body)) == ["/new_password"]


def test_deactivation_ends_every_session(world: World) -> None:
    tenant = world.new_tenant()
    sessions = [tenant.member, world.again(tenant.member)]
    tenant.admin.act(f"/users/{tenant.member.user['id']}/deactivate")
    for session in sessions:
        session.refused(401, "GET", "/me")
    tenant.admin.act(f"/users/{tenant.member.user['id']}/restore")
    for session in sessions:
        session.refused(401, "GET", "/me")
    assert world.again(tenant.member).get("/me")["id"] == tenant.member.user["id"]


def test_a_user_has_a_hundred_sessions_and_the_oldest_goes(
    world: World, superuser: Session
) -> None:
    caller = world.sign_up()
    opened = """
        INSERT INTO sessions (id, user_id, token_hash, ends_at, expires_at)
        SELECT nexus.ulid(), :id, '', now() + interval '1 day', now() + interval '1 day'
        FROM generate_series(1, 99)
    """
    superuser.run(opened, id=caller.user["id"])
    assert caller.get("/me")
    last = world.again(caller)
    assert last.get("/me/sessions", count="true")["total"] == 100
    caller.refused(401, "GET", "/me")
