"""`make password`: a forgotten password is replaced, with the server up or down."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

import httpx
import pytest

from tests.local.running import OURS, Run, running
from tests.support.stack import PYTHON_PATH, REPOSITORY

GIVEN, OTHER = "a long pass phrase", "quite another phrase"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("password") / "data"


@pytest.fixture(scope="module")
def run(data_dir: Path) -> Iterator[Run]:
    with running(data_dir, WORKERS="1", NEXUS_ADMIN_PASSWORD=GIVEN) as run:
        yield run


class Program:
    """`make password`'s program, as a child without a terminal unless it is given one."""

    def __init__(self, data_dir: Path, settings: dict[str, str], stdin: int) -> None:
        variables = {name: value for name, value in os.environ.items() if name not in OURS}
        variables |= {"PYTHONPATH": PYTHON_PATH, "NEXUS_DATA_DIR": str(data_dir), **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "local.password"],
            cwd=REPOSITORY,
            env=variables,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # or a terminal of the tests would be asked
        )

    def asked(self) -> str:
        """What it asks on its terminal."""
        stream = cast("IO[bytes]", self.process.stderr)
        return b"".join(iter(lambda: stream.read(1), b":")).decode()

    def ended(self) -> "Done":
        out, err = self.process.communicate(timeout=60)
        return Done(self.process.returncode, out.decode(), err.decode())


class Done(NamedTuple):
    status: int
    out: str
    err: str


def program(data_dir: Path, **settings: str) -> Done:
    return Program(data_dir, settings, subprocess.DEVNULL).ended()


def printed(done: Done) -> str:
    assert done.status == 0, done.err
    (line,) = (line for line in done.out.splitlines() if "Password:" in line)
    return line.split()[1]


def token(run: Run, password: str) -> dict[str, str]:
    answer = run.sign_in(password)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_one_is_made_up_and_the_old_sessions_end(run: Run, data_dir: Path) -> None:
    old = token(run, printed(program(data_dir)))
    password = printed(program(data_dir))
    assert httpx.get(f"{run.url}/me", headers=old).status_code == 401
    assert httpx.get(f"{run.url}/me", headers=token(run, password)).status_code == 200


def test_one_that_is_given_is_not_printed(run: Run, data_dir: Path) -> None:
    done = program(data_dir, NEXUS_ADMIN_PASSWORD=GIVEN)
    assert done.status == 0
    assert GIVEN not in done.out + done.err
    token(run, GIVEN)


def test_who_is_at_a_terminal_is_asked(run: Run, data_dir: Path) -> None:
    ours, theirs = pty.openpty()
    asked = Program(data_dir, {}, theirs)
    assert asked.asked().startswith("New password")
    os.write(ours, f"{OTHER}\n".encode())
    done = asked.ended()
    assert (done.status, OTHER in done.out) == (0, False), done.err
    token(run, OTHER)


def test_who_has_guessed_too_often_need_not_wait(run: Run, data_dir: Path) -> None:
    for _ in range(6):
        last = run.sign_in("not this one, surely")
    assert last.status_code == 429
    token(run, printed(program(data_dir)))


def test_another_administrator_is_named_by_name_or_address(run: Run, data_dir: Path) -> None:
    chief = token(run, printed(program(data_dir)))
    tenants = httpx.get(f"{run.url}/tenants?is_root=true", headers=chief).json()["items"]
    within = chief | {"X-Tenant-Id": tenants[0]["id"]}
    user = {"username": "second", "email": "second@school.example", "password": GIVEN}
    made = httpx.post(f"{run.url}/users", json=user, headers=within).json()["id"]
    by_name = program(data_dir, ADMINISTRATOR="second")
    assert by_name.status == 1  # not yet an administrator
    assert by_name.err.startswith("nexus: 'second' is no active administrator of the root")
    groups = f"{run.url}/groups?kind=administrators"
    group = httpx.get(groups, headers=within).json()["items"][0]["id"]
    memberships = f"{run.url}/groups/{group}/memberships"
    assert httpx.post(memberships, json={"user_id": made}, headers=within).status_code == 201
    own_name = program(data_dir, ADMINISTRATOR="second", NEXUS_ADMIN_PASSWORD="a second phrase")
    assert own_name.err == "nexus: The password contains the username: leave that out.\n"
    password = printed(program(data_dir, ADMINISTRATOR="Second@School.example"))
    assert run.sign_in(password, "second").status_code == 200


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"NEXUS_ADMIN_PASSWORD": "short"}, "NEXUS_ADMIN_PASSWORD needs 12 to 1,024 characters."),
        ({"NEXUS_ADMIN_PASSWORD": "the administrator"}, "NEXUS_ADMIN_PASSWORD contains the user"),
        ({"ADMINISTRATOR": "nobody"}, "'nobody' is no active administrator of the root tenant"),
    ],
)
def test_what_cannot_be_set_is_refused_in_one_line(
    run: Run, data_dir: Path, settings: dict[str, str], refusal: str
) -> None:
    assert run.process.poll() is None
    done = program(data_dir, **settings)
    assert done.status == 1
    assert done.err.startswith(f"nexus: {refusal}")
    assert len(done.err.splitlines()) == 1


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    done = program(tmp_path / "none")
    assert done.err.startswith("nexus: There is no database in ")
    assert not (tmp_path / "none").exists()


def test_it_works_between_runs_and_a_run_says_that_a_given_one_is_another(
    run: Run, data_dir: Path
) -> None:
    assert "NEXUS_ADMIN_PASSWORD" not in run.said
    run.stop()
    password = printed(program(data_dir))
    with running(data_dir, WORKERS="1", NEXUS_ADMIN_PASSWORD=GIVEN) as second:
        assert "another than NEXUS_ADMIN_PASSWORD" in second.said
        assert "make password" in second.said
        assert GIVEN not in second.said
        assert second.sign_in(GIVEN).status_code == 401
        token(second, password)
