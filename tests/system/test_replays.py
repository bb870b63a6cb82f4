"""A stored answer is given to who may still do what it did, and a token only while it lives."""

from typing import Any

import pytest

from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.people import Tenant, World, made_up_password, person, unique
from tests.support.races import while_locked_by

KEPT = "SELECT count(*) FROM idempotency_keys WHERE expires_at > now() AND session_id = :id"


@pytest.fixture
def key() -> dict[str, str]:
    return {"Idempotency-Key": unique("key")}


def sent(api: Api, path: str, key: dict[str, str], **body: Any) -> tuple[Json, bool]:
    """The answer, and whether it was a stored one."""
    answer = api.send("POST", path, headers=key, **body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else {}, "idempotent-replayed" in answer.headers


def form(caller: Api) -> Json:
    return {"username": caller.user["username"], "password": caller.password}


class TestATokenThatIsDead:
    @pytest.fixture(params=["signin", "signup"])
    def first(self, world: World, key: dict[str, str], request: pytest.FixtureRequest) -> Any:
        """A function that sends the same request again, and who was signed in by the first."""
        path = f"/me/{request.param}"
        if request.param == "signin":
            caller = world.sign_up()
            options: Json = {"data": form(caller)}
        else:
            body = person()
            options = {"json": body}
        answer, is_replay = sent(world.stranger(), path, key, **options)
        assert not is_replay
        password = caller.password if request.param == "signin" else body["password"]
        signed_in = Api(world.http, answer["access_token"], None, answer["user"], password)
        return lambda: world.stranger().send("POST", path, headers=key, **options), signed_in

    def test_while_it_lives_it_is_given_again(self, first: Any) -> None:
        again, caller = first
        answer = again()
        assert answer.json()["access_token"] == caller.token
        assert answer.headers["idempotent-replayed"] == "true"

    def test_after_signing_out_it_is_not(self, first: Any) -> None:
        again, caller = first
        caller.expect(204, "POST", "/me/signout")
        self.is_new(again(), caller)

    def test_after_its_time_it_is_not(self, first: Any, superuser: Session) -> None:
        again, caller = first
        superuser.run(
            "UPDATE sessions SET expires_at = now() WHERE user_id = :id", id=caller.user["id"]
        )
        self.is_new(again(), caller)

    def test_after_another_password_it_is_not(self, first: Any) -> None:
        """Though the session that changed it lives."""
        again, caller = first
        change = {"current_password": caller.password, "new_password": made_up_password()}
        caller.expect(204, "POST", "/me/password", json=change)
        answer = again()
        assert answer.status_code in {401, 409}  # the old password; a name that is taken
        assert caller.token not in answer.text
        assert caller.get("/me")

    def test_of_a_user_who_was_deactivated_it_is_not(self, first: Any, superuser: Session) -> None:
        again, caller = first
        superuser.run(
            "UPDATE users SET deactivated_at = now() WHERE id = :id", id=caller.user["id"]
        )
        superuser.run("SELECT set_config('nexus.user_id', :id, false)", id=caller.user["id"])
        superuser.run("SELECT nexus.revoke_sessions(:id, NULL, NULL)", id=caller.user["id"])
        superuser.run("SELECT set_config('nexus.user_id', '', false)")
        assert again().status_code in {401, 409}

    def test_its_secret_is_no_other_tokens(self, first: Any) -> None:
        again, caller = first
        caller.expect(204, "POST", "/me/signout")
        answer = again()
        if answer.status_code == 200:
            secret = str(caller.token)[-43:]
            assert secret not in answer.json()["access_token"]

    def is_new(self, answer: Any, caller: Api) -> None:
        assert "idempotent-replayed" not in answer.headers
        if answer.status_code == 200:
            assert answer.json()["access_token"] != caller.token
        else:
            assert answer.status_code == 409  # signed up already


def test_a_password_change_is_repeated_until_the_next(world: World, key: dict[str, str]) -> None:
    caller = world.sign_up()
    change = {"current_password": caller.password, "new_password": made_up_password()}
    assert sent(caller, "/me/password", key, json=change) == ({}, False)
    assert sent(caller, "/me/password", key, json=change) == ({}, True)
    next_one = {"current_password": change["new_password"], "new_password": made_up_password()}
    assert sent(caller, "/me/password", {}, json=next_one) == ({}, False)
    caller.refused(422, "POST", "/me/password", change, headers=key)


def test_a_password_change_in_flight_is_not_begun_again(
    world: World, key: dict[str, str], holder: Session
) -> None:
    """The key is held from the first to the last of it."""
    caller = world.sign_up()
    change = {"current_password": caller.password, "new_password": made_up_password()}
    answers: list[int] = []

    def twice() -> int:
        first = caller.send("POST", "/me/password", headers=key, json=change)
        answers.append(first.status_code)
        return first.status_code

    locked = "SELECT id FROM users WHERE id = :id FOR UPDATE"
    assert while_locked_by(holder, locked, twice, id=caller.user["id"]) == 204
    assert sent(caller, "/me/password", key, json=change) == ({}, True)


def test_a_tenant_that_was_left_is_not_shown_again(
    world: World, tenant: Tenant, key: dict[str, str]
) -> None:
    caller = world.new_user(tenant.admin).within(None)
    selection = {"json": {"tenant_id": tenant.id}}
    assert sent(caller, "/me/current-tenant", key, **selection)[1] is False
    assert sent(caller, "/me/current-tenant", key, **selection)[1] is True
    caller.expect(204, "DELETE", f"/me/tenants/{tenant.id}")
    caller.refused(404, "POST", "/me/current-tenant", selection["json"], headers=key)


def test_nor_by_an_invitation_that_was_accepted(world: World, key: dict[str, str]) -> None:
    tenant, stranger = world.new_tenant(), world.sign_up()
    invitation = tenant.add(tenant.group("users"), username=stranger.user["username"])
    path = f"/me/invitations/{invitation['id']}/accept"
    assert sent(stranger, path, key)[0]["id"] == tenant.id
    assert sent(stranger, path, key)[1] is True
    stranger.expect(204, "DELETE", f"/me/tenants/{tenant.id}")
    stranger.refused(404, "POST", path, headers=key)


def test_nor_by_its_creation(world: World, key: dict[str, str]) -> None:
    founder = world.sign_up()
    body = {"name": unique("Tenant")}
    made, _ = sent(founder, "/tenants", key, json=body)
    assert sent(founder, "/tenants", key, json=body) == (made, True)
    tenant = Tenant(made["id"], made["name"], founder.within(made["id"]), founder)
    world.new_admin(tenant)
    founder.expect(204, "DELETE", f"/me/tenants/{made['id']}")
    founder.refused(409, "POST", "/tenants", body, headers=key)  # the name is taken
