"""The custom resource that CloudFormation calls before a release runs."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pg8000.native import Connection
from sqlalchemy import make_url

from migrations import app, runner
from tests.deploy.answer_server import AnswerServer, answer_server
from tests.support.stack import kernel

REVISION = '''"""A revision of a test."""
from alembic import op

revision = "{revision}"
down_revision = {parent!r}


def upgrade() -> None:
    op.execute("""{sql}""")
'''
TEXT = "s3cr3t-value-of-the-test"
END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass
class Hook:
    """Calls the handler as CloudFormation would and reads what it answered."""

    cloudformation: AnswerServer
    database: str

    def call(
        self,
        revision: str | None = None,
        request: str = "Create",
        seconds: float = 60,
        settings: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        event = {
            "RequestType": request,
            "ResponseURL": self.cloudformation.url,
            "StackId": "stack",
            "RequestId": "request",
            "LogicalResourceId": "Migrated",
            "ResourceProperties": {"Revision": revision or runner.expected_head()},
        }
        context: Any = SimpleNamespace(
            log_stream_name="stream", get_remaining_time_in_millis=lambda: seconds * 1000
        )
        with kernel(**{"NEXUS_DATABASE_URL": self.database, **(settings or {})}):
            app.handler(event, context)
        return self.cloudformation.answers[-1]


@pytest.fixture
def hook(empty_database: str) -> Iterator[Hook]:
    with answer_server() as cloudformation:
        yield Hook(cloudformation, empty_database)


@pytest.fixture
def query(empty_database: str) -> Callable[[str], list[list[Any]]]:
    def run(sql: str) -> list[list[Any]]:
        url = make_url(empty_database)
        with Connection("postgres", url.host or "", url.database, url.port or 0, url.password) as c:
            return c.run(sql) or []

    return run


@pytest.fixture
def revise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replaces this project's revisions by the SQL of a test: "t1", "t2", …"""
    monkeypatch.setattr(runner, "VERSIONS", tmp_path)
    monkeypatch.setattr(runner, "_bootstrap", lambda _: None)

    def write(*statements: str) -> None:
        parent = None
        for number, sql in enumerate(statements, 1):
            code = REVISION.format(revision=f"t{number}", parent=parent, sql=sql)
            (tmp_path / f"t{number}_test.py").write_text(code)
            parent = f"t{number}"

    return write


def version(query: Callable[[str], list[list[Any]]]) -> Any:
    return query("SELECT version_num FROM alembic_version")[0][0]


def test_create_migrates_to_head_and_answers_success(hook: Hook, query: Any) -> None:
    answer = hook.call()
    assert answer["Status"] == "SUCCESS", answer
    assert version(query) == runner.expected_head()


def test_a_second_call_changes_nothing_and_keeps_the_physical_id(hook: Hook, revise: Any) -> None:
    revise("CREATE TABLE first_one (id int)")
    first, second = hook.call(), hook.call(request="Update")
    assert (first["Status"], second["Status"]) == ("SUCCESS", "SUCCESS")
    assert first["PhysicalResourceId"] == second["PhysicalResourceId"]


def test_the_answer_names_the_request_and_is_sent_as_signed(hook: Hook, revise: Any) -> None:
    revise("SELECT 1")
    answer = hook.call()
    assert [answer[k] for k in ("StackId", "RequestId", "LogicalResourceId")] == [
        "stack",
        "request",
        "Migrated",
    ]
    assert not hook.cloudformation.content_types[0]


def test_a_rollback_to_an_older_revision_succeeds_and_does_nothing(
    hook: Hook, revise: Any, query: Any
) -> None:
    revise("SELECT 1")
    hook.call()
    revise("SELECT 1", "CREATE TABLE second_one (id int)")
    assert hook.call(revision="t1", request="Update")["Status"] == "SUCCESS"
    assert version(query) == "t1"


def test_older_code_leaves_a_newer_database_alone_and_succeeds(
    hook: Hook, revise: Any, query: Any
) -> None:
    revise("SELECT 1")
    hook.call()
    query("UPDATE alembic_version SET version_num = 'from_the_future'")
    assert hook.call(request="Update")["Status"] == "SUCCESS"
    assert version(query) == "from_the_future"


def test_a_database_of_before_the_cut_is_a_failure(hook: Hook, revise: Any, query: Any) -> None:
    revise("SELECT 1")
    hook.call()
    query("UPDATE alembic_version SET version_num = '0007'")
    answer = hook.call(request="Update")
    assert answer["Status"] == "FAILED"
    assert "begin anew" in answer["Reason"]


def test_delete_succeeds_and_drops_nothing(hook: Hook, revise: Any, query: Any) -> None:
    revise("CREATE TABLE kept (id int)")
    hook.call()
    assert hook.call(request="Delete")["Status"] == "SUCCESS"
    assert query("SELECT count(*) FROM kept") == [[0]]


def test_a_failing_revision_is_undone_and_reported(hook: Hook, revise: Any, query: Any) -> None:
    revise("SELECT 1", "CREATE TABLE half (id int); SELECT no_such_column FROM half")
    answer = hook.call()
    assert answer["Status"] == "FAILED"
    assert "no_such_column" in answer["Reason"]
    assert version(query) == "t1"
    assert query("SELECT to_regclass('half') IS NULL") == [[True]]


def test_neither_the_answer_nor_the_log_tells_a_secret(
    hook: Hook, revise: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NEXUS_APP_PASSWORD", TEXT)
    revise(f"CREATE ROLE broken PASSWORD '{TEXT}' VALID UNTIL '{TEXT}'")
    answer = hook.call()
    assert answer["Status"] == "FAILED"
    assert "***" in answer["Reason"]
    assert TEXT not in answer["Reason"] + "".join(capsys.readouterr())


def test_an_unreachable_database_is_a_failure_without_its_password(
    hook: Hook,
) -> None:
    hook.database = f"postgresql://postgres:{TEXT}@127.0.0.1:1/nexus"
    answer = hook.call()
    assert answer["Status"] == "FAILED"
    assert "cannot be reached" in answer["Reason"]
    assert TEXT not in answer["Reason"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"NEXUS_DATABASE_URL": ""}, "set NEXUS_DATABASE_URL"),
        ({"NEXUS_TOKEN_KEY": "too short"}, "NEXUS_TOKEN_KEY"),
        ({"NEXUS_DATABASE_URL": "postgresql://u:too short/or@h/d"}, "NEXUS_DATABASE_URL"),
    ],
)
def test_a_secret_that_is_missing_or_none_is_a_failure_that_names_it(
    settings: dict[str, str], told: str, hook: Hook
) -> None:
    answer = hook.call(settings=settings)
    assert answer["Status"] == "FAILED"
    assert told in answer["Reason"]
    assert "too short" not in answer["Reason"]


def test_a_role_without_rights_is_a_failure_that_says_so(hook: Hook, query: Any) -> None:
    query("DROP ROLE IF EXISTS nobody_much")
    query("CREATE ROLE nobody_much LOGIN PASSWORD 'not-so-secret'")
    url = make_url(hook.database).set(username="nobody_much", password="not-so-secret")
    answer = hook.call(settings={"NEXUS_DATABASE_URL": url.render_as_string(False)})
    assert answer["Status"] == "FAILED"
    assert "permission denied" in answer["Reason"]
    assert "not-so-secret" not in answer["Reason"]


def test_it_answers_before_its_own_time_is_up(hook: Hook, query: Any, revise: Any) -> None:
    revise("SELECT pg_sleep(20)")
    others, started = set(threading.enumerate()), time.monotonic()
    answer = hook.call(seconds=app.MARGIN + 0.5)
    assert answer["Status"] == "FAILED"
    assert "in time" in answer["Reason"]
    assert time.monotonic() - started < app.MARGIN
    query(END_OTHERS)
    for late in set(threading.enumerate()) - others:
        late.join()  # Alembic's `op` is the process's: it would take that of a later test away


def test_an_answer_that_is_not_taken_is_sent_again(hook: Hook, revise: Any) -> None:
    revise("SELECT 1")
    hook.cloudformation.refusals = 2
    assert hook.call()["Status"] == "SUCCESS"


def test_two_runs_at_once_migrate_once(hook: Hook, empty_database: str, revise: Any) -> None:
    revise("CREATE TABLE made_once (id int)", "SELECT pg_sleep(0.3)")
    other = threading.Thread(target=runner.upgrade, args=(empty_database,))
    other.start()
    answer = hook.call()
    other.join()
    assert answer["Status"] == "SUCCESS", answer
