"""What expires is deleted, in portions, and no job takes longer than it may."""

import json
import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from housekeeping import app, expire_sessions
from local.postgres import Postgres
from tests.support.database import Session
from tests.support.stack import kernel, new_database

LONG_AGO, LATER = "now() - interval '1 day'", "now() + interval '1 day'"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of its own: what is deleted here others would miss."""
    with Postgres(tmp_path_factory.mktemp("expiring"), durable=False) as server:
        database = new_database(server, "nexus")
        with kernel(**database.variables(database.jobs_url)):
            yield database.superuser_url


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


def run(seconds: float = 60, **event: Any) -> dict[str, Any]:
    context: Any = SimpleNamespace(
        function_name="housekeeping",
        aws_request_id="a-run",
        get_remaining_time_in_millis=lambda: seconds * 1000,
    )
    return app.handler({"job": "expire-sessions", **event}, context)


@pytest.mark.parametrize(
    "table", ["revoked_tokens", "idempotency_keys", "sign_in_throttles", "quotas"]
)
def test_what_is_past_its_time_is_deleted_and_the_rest_stays(
    superuser: Session, table: str
) -> None:
    make(superuser, table, LONG_AGO, rows=3)
    make(superuser, table, LATER, rows=2)
    assert run()["done"][table] == 3
    assert superuser.value(f"SELECT count(*) FROM {table}") == 2


def test_a_second_run_finds_nothing_to_do(superuser: Session) -> None:
    make(superuser, "revoked_tokens", LONG_AGO, rows=3)
    assert run()["done"]["revoked_tokens"] == 3
    assert run()["done"]["revoked_tokens"] == 0


def test_rows_go_in_portions(superuser: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expire_sessions, "BATCH", 10)
    make(superuser, "revoked_tokens", LONG_AGO, rows=25)
    before = superuser.value("SELECT txid_current()")
    assert run()["done"]["revoked_tokens"] == 25
    own = superuser.value("SELECT txid_current()") - before - 1
    assert own == 3  # a look that finds nothing writes nothing


def test_a_dry_run_counts_all_and_deletes_nothing(
    superuser: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expire_sessions, "BATCH", 10)
    make(superuser, "revoked_tokens", LONG_AGO, rows=25)
    told = run(dry_run=True)
    assert (told["dry_run"], told["finished"]) == (True, True)
    assert (told["left"]["revoked_tokens"], told["done"]["revoked_tokens"]) == (25, 0)
    assert superuser.value("SELECT count(*) FROM revoked_tokens") == 25


def test_it_stops_in_time_says_what_is_left_and_the_next_run_goes_on(
    superuser: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expire_sessions, "BATCH", 10)
    make(superuser, "revoked_tokens", LONG_AGO, rows=25)
    count = "SELECT 25 - count(*) FROM revoked_tokens"
    stopped = app.perform("expire-sessions", lambda: 1 - superuser.value(count), "a-run")
    assert (stopped["finished"], stopped["done"]["revoked_tokens"]) == (False, 10)
    assert superuser.value("SELECT count(*) FROM revoked_tokens") == 15
    went_on = run()
    assert (went_on["finished"], went_on["done"]["revoked_tokens"]) == (True, 15)


def test_without_time_nothing_is_begun(superuser: Session) -> None:
    make(superuser, "revoked_tokens", LONG_AGO)
    answer = run(seconds=app.MARGIN)
    assert (answer["finished"], answer["done"]["revoked_tokens"]) == (False, 0)


def test_the_figures_are_published(superuser: Session, capsys: pytest.CaptureFixture[str]) -> None:
    make(superuser, "idempotency_keys", LONG_AGO, rows=2)
    run()
    (metrics,) = [line for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    told = json.loads(metrics)
    assert (told["Job"], told["Done"], told["Unfinished"]) == ("expire-sessions", [2.0], [0.0])
    assert told["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Nexus"


@pytest.mark.usefixtures("migrated")
def test_an_error_is_told_without_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expire_sessions, "EXPIRY", {"sessions": "'a value'::date"})
    with pytest.raises(app.JobFailed) as failed:
        run()
    assert str(failed.value) == "DataError 22007"
    assert failed.value.__suppress_context__


def test_a_job_that_does_not_exist_is_refused() -> None:
    with pytest.raises(app.UnknownJob, match="make-coffee"):
        app.perform("make-coffee", lambda: 60, "a-run")


@pytest.mark.parametrize("said", [{"dryrun": True}, {"dry_run": "true"}, {"dry_run": 1}])
def test_what_may_have_been_meant_as_a_dry_run_does_nothing(said: dict[str, Any]) -> None:
    context: Any = SimpleNamespace(aws_request_id="a-run")
    with pytest.raises(app.UnknownMember, match="is not like"):
        app.handler({"job": "expire-sessions", **said}, context)


@pytest.mark.usefixtures("migrated")
def test_the_role_of_jobs_may_not_read_people() -> None:
    with Session(os.environ["NEXUS_DATABASE_URL"]) as jobs:
        for sql in (
            "SELECT * FROM users",
            "SELECT * FROM persons",
            "SELECT * FROM identities",
            "SELECT title FROM issues",
            "UPDATE sessions SET user_id = ''",
            "DELETE FROM tenants",
        ):
            assert "permission denied" in jobs.refusal(sql), sql
