"""Migrating: what it refuses in one line, whom the objects belong to, how long it waits."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from local.postgres import Postgres
from migrations import runner, script
from tests.deploy.conftest import numbers
from tests.support.database import Session
from tests.support.stack import PYTHON_PATH, kernel

SETTINGS = """
SELECT current_setting('lock_timeout') AS locks, current_setting('statement_timeout') AS statements,
       current_setting('idle_in_transaction_session_timeout') AS idle_in_transaction,
       current_setting('idle_session_timeout') AS idle,
       current_setting('client_connection_check_interval') AS client, current_user AS role
"""
OLDER = "10_housekeeping"  # those that follow have others go on meanwhile
INDEXES = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY (ARRAY['issues', 'audit_subjects']::regclass[]) AND indisvalid
ORDER BY 1
"""
CHECKS = "SELECT conname FROM pg_constraint WHERE conname = 'ck_audit_events_id'"


@pytest.fixture(scope="module")
def old_template(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    server.create_database("older")
    versions = tmp_path_factory.mktemp("versions")
    for known in runner.VERSIONS.iterdir():
        if known.name[:1].isdigit() and int(known.name.split("_")[0]) <= int(OLDER.split("_")[0]):
            (versions / known.name).symlink_to(known)
    url = server.url("older")
    with kernel(NEXUS_DATABASE_URL=url), pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "VERSIONS", versions)
        assert runner.expected_head() == OLDER
        runner.upgrade(url)
    return "older"


@pytest.fixture(scope="module")
def template(server: Postgres, old_template: str) -> str:
    """A migrated database to make others of."""
    server.create_database("migrated", old_template)
    with kernel(NEXUS_DATABASE_URL=server.url("migrated")):
        runner.upgrade(server.url("migrated"))
    return "migrated"


@pytest.fixture
def migrated(server: Postgres, template: str) -> Iterator[str]:
    with like(template, server) as url:
        yield url


@pytest.fixture
def older(server: Postgres, old_template: str) -> Iterator[str]:
    with like(old_template, server) as url:
        yield url


@contextmanager
def like(template: str, server: Postgres) -> Iterator[str]:
    name = f"like_{template}_{next(numbers)}"
    server.create_database(name, template)
    with kernel(NEXUS_DATABASE_URL=server.url(name)):
        yield server.url(name)


def refusal(url: str, **settings: str) -> str:
    """The line that the program ends with, here in this process: to start one takes longer."""
    with (
        kernel(NEXUS_DATABASE_URL=url, **settings),
        pytest.raises(SystemExit) as ended,
    ):
        runner.main()
    (line,) = str(ended.value.code).splitlines()
    return line


def test_the_owner_owns_what_the_migrations_made(migrated: str) -> None:
    with Session(migrated) as session:
        owners = session.column(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname='public'"
        )
    assert owners == ["nexus_owner"]


def test_a_database_of_a_newer_release_is_refused_in_one_line(migrated: str) -> None:
    with Session(migrated) as session:
        session.run("UPDATE alembic_version SET version_num = 'from_the_future'")
    done = subprocess.run(
        [sys.executable, "-m", "migrations.runner"],
        env={"PYTHONPATH": PYTHON_PATH, "NEXUS_DATABASE_URL": migrated},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "nexus: the database is at revision from_the_future, which is newer than this"
    ]


def test_an_administrator_whose_password_is_guessed_first_is_not_made(migrated: str) -> None:
    weak = {"NEXUS_ADMIN_EMAIL": "chief@school.example", "NEXUS_ADMIN_PASSWORD": "password1234"}
    assert refusal(migrated, **weak).startswith(
        "nexus: NEXUS_ADMIN_PASSWORD is or begins with one of the first that are guessed"
    )
    with Session(migrated) as session:
        assert session.value("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize("revision", ["0001", "0007"])
def test_a_database_of_before_the_cut_is_told_how_to_begin_anew(
    migrated: str, revision: str
) -> None:
    with Session(migrated) as session:
        session.run("UPDATE alembic_version SET version_num = :revision", revision=revision)
    assert refusal(migrated) == (
        f"nexus: the database is at revision {revision} of an earlier history, from which no"
        " migration leads on: begin anew with an empty database (for `make run`, remove its data"
        " folder)"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("postgres:", "nobody:"), "password authentication failed"),
        (("/deploy_", "/no_deploy_"), "does not exist"),
        (("127.0.0.1:", "127.0.0.1:1"), "cannot be reached"),
    ],
)
def test_a_database_out_of_reach_is_one_line_without_the_password(
    empty_database: str, server: Postgres, change: tuple[str, str], said: str
) -> None:
    url = empty_database.replace(*change)
    if "127.0.0.1:1" in url:
        url = url.replace(f"127.0.0.1:1{server.port}", "127.0.0.1:1")
    line = refusal(url)
    assert said in line
    assert server.password not in line


def test_a_later_revision_runs_as_the_owner_with_bounded_waits(
    older: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in runner.VERSIONS.iterdir():
        (tmp_path / known.name).symlink_to(known)
    (tmp_path / "next.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision = 'next', {runner.expected_head()!r}\n"
        f"def upgrade():\n    op.execute('CREATE TABLE seen AS {_quoted(SETTINGS)}')\n"
    )
    monkeypatch.setattr(runner, "VERSIONS", tmp_path)
    runner.upgrade(older)
    with Session(older) as session:
        assert session.run("SELECT * FROM seen") == [
            {
                "locks": "5s",
                "statements": "1min",
                "idle_in_transaction": "30s",
                "idle": "1min",
                "client": "1s",
                "role": "nexus_owner",
            }
        ]


def test_a_revision_that_found_a_table_taken_leaves_no_check_and_is_run_again(
    older: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "ATTEMPTS", 2)
    monkeypatch.setattr(script, "PAUSE", 0)
    with Session(older) as reader, Session(older) as session:
        reader.run("BEGIN")
        reader.run("LOCK TABLE audit_subjects IN ACCESS SHARE MODE")
        with pytest.raises(DBAPIError, match="lock timeout"):
            runner.upgrade(older)
        assert session.column(CHECKS) == []
        assert session.column("SELECT version_num FROM alembic_version") == ["11_lacking_values"]
        reader.run("COMMIT")
        runner.upgrade(older)
        assert session.column(CHECKS) == []


def test_an_index_that_a_run_did_not_complete_is_made_anew(older: str, migrated: str) -> None:
    with Session(older) as session, Session(migrated) as whole:
        session.run("CREATE INDEX ix_issues_field_set ON issues (id)")
        session.run(
            "UPDATE pg_index SET indisvalid = false"
            " WHERE indexrelid = 'ix_issues_field_set'::regclass"
        )
        runner.upgrade(older)
        assert session.column(INDEXES) == whole.column(INDEXES)


def _quoted(sql: str) -> str:
    return " ".join(sql.split()).replace("'", "\\'")
