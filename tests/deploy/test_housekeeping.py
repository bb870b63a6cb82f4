"""The scheduled jobs: what they delete, in what portions, and where they stop."""

import json
import os
import secrets
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from housekeeping import app, batches, expire_sessions
from local.postgres import Postgres
from local.settings import as_role
from migrations import runner
from tests.support.database import Session
from tests.support.stack import kernel

PASSWORD = secrets.token_urlsafe(16)
LONG_AGO, LATER = "now() - interval '1 day'", "now() + interval '1 day'"


@pytest.fixture(scope="module")
def migrated(server: Postgres) -> Iterator[str]:
    server.create_database("housekeeping")
    url = server.url("housekeeping")
    with kernel(NEXUS_DATABASE_URL=url, NEXUS_HOUSEKEEPING_PASSWORD=PASSWORD):
        runner.upgrade(url)
    with kernel(NEXUS_DATABASE_URL=as_role(url, "nexus_housekeeping", PASSWORD)):
        yield url


@pytest.fixture
def superuser(migrated: str) -> Iterator[Session]:
    with Session(migrated) as session:
        yield session
        for table in expire_sessions.EXPIRY:
            session.run(f"DELETE FROM {table}")


def make(session: Session, table: str, expiry: str, rows: int = 1) -> None:
    """Rows with nothing in them but their time."""
    others = {
        "revoked_tokens": ("", ""),
        "idempotency_keys": (", body_hash, status, headers, body", ", '', 200, '{}', ''"),
        "sign_in_throttles": ("", ""),
        "quotas": (", used", ", 1"),
    }
    columns, values = others[table]
    session.run(
        f"INSERT INTO {table} (id, {expire_sessions.EXPIRY[table]}{columns})"
        f" SELECT gen_random_uuid()::text, {expiry}{values} FROM generate_series(1, {rows})"
    )


def run(seconds: float = 60) -> dict[str, Any]:
    context: Any = SimpleNamespace(
        function_name="housekeeping", get_remaining_time_in_millis=lambda: seconds * 1000
    )
    return app.handler({"job": "expire-sessions"}, context)


@pytest.mark.parametrize(
    "table", ["revoked_tokens", "idempotency_keys", "sign_in_throttles", "quotas"]
)
def test_what_is_past_its_time_is_deleted_and_the_rest_stays(
    superuser: Session, table: str
) -> None:
    make(superuser, table, LONG_AGO, rows=3)
    make(superuser, table, LATER, rows=2)
    assert run()["deleted"][table] == 3
    assert superuser.value(f"SELECT count(*) FROM {table}") == 2


def test_a_second_run_finds_nothing_to_do(superuser: Session) -> None:
    make(superuser, "revoked_tokens", LONG_AGO, rows=3)
    assert run()["deleted"]["revoked_tokens"] == 3
    assert run()["deleted"]["revoked_tokens"] == 0


def test_rows_go_in_portions(superuser: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    make(superuser, "revoked_tokens", LONG_AGO, rows=25)
    before = superuser.value("SELECT txid_current()")
    assert run()["deleted"]["revoked_tokens"] == 25
    own = superuser.value("SELECT txid_current()") - before - 1
    assert own == 3  # a look that finds nothing writes nothing


def test_it_stops_in_time_and_the_next_run_goes_on(
    superuser: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    make(superuser, "revoked_tokens", LONG_AGO, rows=25)
    left = iter([1, 1, 0])  # one portion of sessions, one of tokens, and no more
    report = expire_sessions.run(lambda: next(left, 0))
    assert report.finished is False
    assert report.deleted["revoked_tokens"] == 10
    assert superuser.value("SELECT count(*) FROM revoked_tokens") == 15
    assert run() == {
        "job": "expire-sessions",
        "finished": True,
        "deleted": dict.fromkeys(expire_sessions.EXPIRY, 0) | {"revoked_tokens": 15},
    }


def test_without_time_nothing_is_begun(superuser: Session) -> None:
    make(superuser, "revoked_tokens", LONG_AGO)
    answer = run(seconds=app.MARGIN)
    assert (answer["finished"], answer["deleted"]["revoked_tokens"]) == (False, 0)


def test_the_figures_are_published(superuser: Session, capsys: pytest.CaptureFixture[str]) -> None:
    make(superuser, "idempotency_keys", LONG_AGO, rows=2)
    run()
    (metrics,) = [line for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    told = json.loads(metrics)
    assert (told["Job"], told["Deleted.idempotency_keys"]) == ("expire-sessions", [2.0])
    assert told["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Nexus"


def test_a_job_that_does_not_exist_is_refused() -> None:
    with pytest.raises(app.UnknownJob, match="make-coffee"):
        app.handler({"job": "make-coffee"}, SimpleNamespace(function_name="x"))  # type: ignore[arg-type]


@pytest.mark.usefixtures("migrated")
def test_the_role_of_jobs_may_not_read_people() -> None:
    with Session(os.environ["NEXUS_DATABASE_URL"]) as jobs:
        assert "permission denied" in jobs.refusal("SELECT * FROM users")
        assert "permission denied" in jobs.refusal("UPDATE sessions SET user_id = ''")
