"""A run whose administrator settings choose: `make password` replaces a forgotten password, with
the server up or down, and what ends such a run."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple, cast

import httpx
import psutil
import pytest

from tests.local.running import OURS, Run, running, started, starting
from tests.support.races import eventually
from tests.support.stack import PYTHON_PATH, REPOSITORY

GIVEN = {"NEXUS_ADMIN_EMAIL": "Chief@School.example", "NEXUS_ADMIN_PASSWORD": "a long one, this"}
NAME = "administrator"
PHRASE, OTHER = "a long pass phrase", "quite another phrase"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("administrator")


@pytest.fixture(scope="module")
def run(data_dir: Path) -> Iterator[Run]:
    """A run that settings say more of."""
    with running(data_dir, WORKERS="1", **GIVEN) as run:
        yield run


@pytest.fixture(scope="module", autouse=True)
def second(run: Run, data_dir: Path) -> Iterator[Run]:
    """Another run on that folder, begun before all tests: it waits for a quarter of a minute before
    it gives up."""
    assert run.process.poll() is None
    with starting(data_dir) as second:
        yield second


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
    answer = run.sign_in(password, NAME)
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_a_second_run_on_the_folder_is_refused(run: Run, data_dir: Path, second: Run) -> None:
    line = second.refusal()
    assert line == f"nexus: The data folder {data_dir}/postgres is in use by another run."
    assert httpx.get(f"{run.url}/health").status_code == 200


def test_settings_choose_the_administrator_and_the_workers(run: Run) -> None:
    password = GIVEN["NEXUS_ADMIN_PASSWORD"]
    assert password not in run.said
    assert len(eventually(run.workers)) == 1
    assert run.sign_in(password, "chief@school.example").status_code == 200
    assert run.sign_in(password).status_code == 401


def test_no_child_is_given_a_secret_of_the_environment(run: Run) -> None:
    roles, shown = started(run)
    assert "postgres" in roles
    assert [one for one in shown if GIVEN["NEXUS_ADMIN_PASSWORD"] in one] == []


def test_one_is_made_up_and_the_old_sessions_end(run: Run, data_dir: Path) -> None:
    old = token(run, printed(program(data_dir)))
    password = printed(program(data_dir))
    assert httpx.get(f"{run.url}/me", headers=old).status_code == 401
    assert httpx.get(f"{run.url}/me", headers=token(run, password)).status_code == 200


def test_one_that_is_given_is_not_printed(run: Run, data_dir: Path) -> None:
    done = program(data_dir, NEXUS_ADMIN_PASSWORD=PHRASE)
    assert done.status == 0
    assert PHRASE not in done.out + done.err
    token(run, PHRASE)


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
        last = run.sign_in("not this one, surely", NAME)
    assert last.status_code == 429
    token(run, printed(program(data_dir)))


def test_another_administrator_is_named_by_name_or_address(run: Run, data_dir: Path) -> None:
    chief = token(run, printed(program(data_dir)))
    tenants = httpx.get(f"{run.url}/tenants?is_root=true", headers=chief).json()["items"]
    within = chief | {"X-Tenant-Id": tenants[0]["id"]}
    user = {"username": "second", "email": "second@school.example", "password": PHRASE}
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


def test_deaths_of_different_children_are_not_taken_for_a_worker_that_cannot_start(
    run: Run,
) -> None:
    """Each is young when it dies but the first two, and none has died so often."""
    for find in (run.jobs, run.front) * 3:
        _killed_and_replaced(find)
    eventually(lambda: _is_well(run))


def test_it_ends_with_one_line_when_workers_die_as_soon_as_they_start(
    run: Run, data_dir: Path
) -> None:
    def is_over_or_one_less() -> bool:
        if run.process.poll() is not None:
            return True
        for worker in run.workers():
            with suppress(psutil.NoSuchProcess):
                worker.kill()
        return False

    eventually(is_over_or_one_less)
    assert run.ended() == 1
    log = data_dir / "api.log"
    assert run.said.splitlines()[-1] == (
        f"nexus: The workers die as soon as they start (log: {log})."
    )


def test_it_works_between_runs_and_a_run_says_that_a_given_one_is_another(
    run: Run, data_dir: Path
) -> None:
    assert "NEXUS_ADMIN_PASSWORD" not in run.said
    run.stop()
    password = printed(program(data_dir))
    with running(data_dir, WORKERS="1", NEXUS_ADMIN_PASSWORD=PHRASE) as second:
        assert "another than NEXUS_ADMIN_PASSWORD" in second.said
        assert "make password" in second.said
        assert PHRASE not in second.said
        assert second.sign_in(PHRASE, NAME).status_code == 401
        token(second, password)


def _killed_and_replaced(find: Callable[[], psutil.Process]) -> None:
    victim = find()
    victim.kill()

    def is_replaced() -> bool:
        with suppress(ValueError):  # it has not named itself yet
            return find() != victim
        return False

    eventually(is_replaced)


def _is_well(run: Run) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{run.url}/health").status_code == 200
    return False
