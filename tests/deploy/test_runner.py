"""Migrating: what it refuses in one line, whom the objects belong to, how long it waits."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.postgres import Postgres
from migrations import runner
from tests.deploy.conftest import numbers
from tests.support.database import Session
from tests.support.stack import PYTHON_PATH, kernel

SETTINGS = """
SELECT current_setting('lock_timeout') AS locks, current_setting('statement_timeout') AS statements,
       current_user AS role
"""


@pytest.fixture(scope="module")
def template(server: Postgres) -> str:
    """A migrated database to make others of."""
    server.create_database("migrated")
    with kernel(NEXUS_DATABASE_URL=server.url("migrated")):
        runner.upgrade(server.url("migrated"))
    return "migrated"


@pytest.fixture
def migrated(server: Postgres, template: str) -> Iterator[str]:
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
    migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in runner.VERSIONS.iterdir():
        (tmp_path / known.name).symlink_to(known)
    (tmp_path / "next.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision = 'next', {runner.expected_head()!r}\n"
        f"def upgrade():\n    op.execute('CREATE TABLE seen AS {_quoted(SETTINGS)}')\n"
    )
    monkeypatch.setattr(runner, "VERSIONS", tmp_path)
    runner.upgrade(migrated)
    with Session(migrated) as session:
        assert session.run("SELECT * FROM seen") == [
            {"locks": "5s", "statements": "1min", "role": "nexus_owner"}
        ]


def _quoted(sql: str) -> str:
    return " ".join(sql.split()).replace("'", "\\'")
