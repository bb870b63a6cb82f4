"""What `make run` cannot do it says in one line, with a failure's exit status."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.ports import HOST, free_port
from local.postgres import Postgres
from tests.local.running import Run, running, started, starting, taken_port
from tests.support.database import Session


@pytest.fixture(scope="module")
def late_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("late") / "data"


@pytest.fixture(scope="module", autouse=True)
def late(late_dir: Path) -> Iterator[Run]:
    """A run whose port is taken, begun before all tests: it waits for a quarter of a minute before
    it gives up."""
    with taken_port() as port, starting(late_dir, PORT=str(port)) as run:
        yield run


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("WORKERS", "0"),
        ("WORKERS", "-1"),
        ("NEXUS_ADMIN_EMAIL", "chief"),
        ("NEXUS_ADMIN_PASSWORD", "too short"),
        ("NEXUS_ADMIN_PASSWORD", "password1234"),
        ("DATABASE_URL", "mysql://127.0.0.1/nexus"),
        ("DATABASE_URL", "postgresql://postgres:hidden/word@127.0.0.1/nexus"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    line = Run(tmp_path, **{name: value}).refusal()
    assert name in line
    assert "hidden" not in line


def test_a_database_out_of_reach_is_named_without_its_password(tmp_path: Path) -> None:
    port = free_port()
    url = f"postgresql://postgres:hidden@{HOST}:{port}/nexus"
    line = Run(tmp_path, DATABASE_URL=url).refusal()
    assert line.startswith(f"nexus: The database at {HOST}:{port}/nexus is out of reach: ")
    assert "hidden" not in line


def test_a_wrong_password_for_the_database_is_told(elsewhere: Postgres, tmp_path: Path) -> None:
    url = re.sub(":[^:@]+@", ":guessed@", elsewhere.url("postgres"))
    line = Run(tmp_path, DATABASE_URL=url).refusal()
    assert "password authentication failed" in line
    assert "guessed" not in line


@pytest.fixture(scope="module")
def another_url(elsewhere: Postgres) -> str:
    elsewhere.create_database("elsewhere")
    return elsewhere.url("elsewhere")


def test_another_database_is_migrated_and_served_and_no_child_is_given_a_secret_of_it(
    another_url: str, elsewhere: Postgres, tmp_path: Path
) -> None:
    given = "a long one, this"
    settings = {"NEXUS_ADMIN_PASSWORD": given, "DATABASE_URL": another_url}
    with running(tmp_path, WORKERS="1", **settings) as run:
        assert run.sign_in(given).status_code == 200
        roles, shown = started(run)
    assert "postgres" not in roles
    assert [one for one in shown if given in one or elsewhere.password in one] == []
    assert not (tmp_path / "postgres").exists()


def test_data_of_a_newer_revision_is_left_alone(another_url: str, tmp_path: Path) -> None:
    """Of the database that the test before this one has had migrated."""
    with Session(another_url) as session:
        session.run("UPDATE alembic_version SET version_num = '9999'")
        line = Run(tmp_path, DATABASE_URL=another_url).refusal()
        assert "9999" in line
        assert "newer" in line
        assert session.value("SELECT version_num FROM alembic_version") == "9999"


def test_a_taken_port_is_found_before_anything_is_made(late: Run, late_dir: Path) -> None:
    line = late.refusal()
    assert "Waiting" in late.said
    assert (
        line == f"nexus: Port {late.port} is taken; stop what listens there, or set PORT=another."
    )
    assert not late_dir.exists()
