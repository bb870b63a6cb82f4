"""An operator gives an administrator who has lost the password the one of the secret."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from local.postgres import Postgres
from migrations import app
from nexus.access.passwords import is_password
from tests.support.database import Session
from tests.support.stack import Database, kernel, new_database

EVENT = {"set-administrator-password": True}
NEW = "another phrase of several words"

type Invoke = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def migrated(server: Postgres) -> Database:
    return new_database(server, "administrators")


@pytest.fixture(scope="module")
def owner(migrated: Database) -> Iterator[Session]:
    with Session(migrated.superuser_url) as session:
        yield session


@pytest.fixture
def invoke(migrated: Database) -> Invoke:
    """The function, as it is deployed with this password in the secret."""

    def invoke(event: Any = EVENT, password: str = NEW, **settings: str) -> dict[str, str]:
        context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
        variables = {**migrated.masters_variables(), "NEXUS_ADMIN_PASSWORD": password, **settings}
        with kernel(**variables):
            return app.handler(event, context)

    return invoke


def has_password(owner: Session, password: str) -> bool:
    kept = owner.value("SELECT password_hash FROM users WHERE username = 'administrator'")
    return is_password(kept, password)


def test_the_password_is_set_and_the_sessions_end(invoke: Invoke, owner: Session) -> None:
    owner.run(
        "INSERT INTO sessions (id, user_id, token_hash, expires_at, ends_at)"
        " SELECT nexus.ulid(), id, 'x'::bytea, now() + interval '1 hour', now() + interval '1 day'"
        " FROM users"
    )
    answer = invoke()
    assert answer["status"] == "SUCCESS", answer
    assert answer["reason"].endswith("1 sessions have ended")
    assert has_password(owner, NEW)
    assert owner.value("SELECT count(*) FROM sessions") == 0
    assert owner.value("SELECT count(*) FROM revoked_tokens") == 1


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"set-administrator-password": False},
        {"set-administrator-password": 1},
        {"set-administrator-password": "a password"},
        {"set-administrator-password": True, "email": "somebody@example.org"},
        [],
        None,
        "set-administrator-password",
        ["set-administrator-password"],
    ],
)
def test_anything_else_is_refused(event: Any, invoke: Invoke, owner: Session) -> None:
    answer = invoke(event, password="a phrase that is not taken")
    assert answer["status"] == "FAILED"
    assert '{"set-administrator-password": true} and nothing else' in answer["reason"]
    assert not has_password(owner, "a phrase that is not taken")


def test_a_weak_one_is_refused(invoke: Invoke, owner: Session) -> None:
    answer = invoke(password="password1")
    assert answer["status"] == "FAILED"
    assert "NEXUS_ADMIN_PASSWORD is or begins with" in answer["reason"]
    assert not has_password(owner, "password1")


def test_none_is_refused(invoke: Invoke) -> None:
    assert "NEXUS_ADMIN_PASSWORD is not set" in invoke(password="")["reason"]


@pytest.mark.parametrize("change", ["deactivated_at = now()", "email = 'moved@example.org'"])
def test_nobody_but_an_active_administrator_of_that_address_gets_it(
    change: str, invoke: Invoke, owner: Session
) -> None:
    before = owner.value("SELECT email FROM users")
    owner.run("SET session_replication_role = replica")  # the last one may not go
    owner.run(f"UPDATE users SET {change}")
    answer = invoke(password="a phrase that is not taken")
    owner.run("UPDATE users SET deactivated_at = NULL, email = :email", email=before)
    owner.run("RESET session_replication_role")
    assert (
        f"no active administrator of the root tenant has the address {before}" in answer["reason"]
    )


def test_who_administers_another_tenant_is_nobody_here(invoke: Invoke, owner: Session) -> None:
    owner.run(
        "INSERT INTO users (id, username, email, password_hash)"
        " VALUES (nexus.ulid(), 'other', 'other@example.org', 'x')"
    )
    answer = invoke(NEXUS_ADMIN_EMAIL="other@example.org")
    owner.run("DELETE FROM users WHERE username = 'other'")
    assert "other@example.org" in answer["reason"]


def test_a_database_out_of_reach_is_told_without_its_password(invoke: Invoke) -> None:
    answer = invoke(NEXUS_DATABASE_URL="postgresql://postgres:a-secret-word@127.0.0.1:1/nexus")
    assert answer["status"] == "FAILED"
    assert "cannot be reached" in answer["reason"]
    assert "a-secret-word" not in answer["reason"]
