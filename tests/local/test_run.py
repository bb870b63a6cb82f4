"""`make run`: a fresh folder, the same folder again, several processes, a clean end.

A start takes seconds, so the runs here are few, and each has all the tests that it can: a first one
on a fresh folder, which is ended, then three more on that folder, each after the end of the one
before."""

import os
import re
import signal
import stat
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil
import pytest

from local.files import FolderLock
from local.ports import HOST
from local.settings import Secrets
from tests.local.running import Run, running, starting, taken_port
from tests.support.database import Session
from tests.support.races import eventually

LOCKED = "LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "data"


@pytest.fixture(scope="module")
def run(data_dir: Path) -> Iterator[Run]:
    with running(data_dir) as run:
        yield run


@pytest.fixture
def superuser(data_dir: Path) -> Iterator[Session]:
    with Session(_url(data_dir)) as session:
        yield session


def test_the_printed_password_signs_in(run: Run) -> None:
    assert run.sign_in(run.told_password()).status_code == 200


def test_the_printed_command_is_whole(run: Run) -> None:
    (command,) = (line.strip() for line in run.said.splitlines() if "curl " in line)
    assert command.startswith(f"curl {run.url}/me/signin ")
    assert re.search(r"username=\S+@\S+ .*password=\S+", command)


def test_it_says_where_the_documentation_is(run: Run) -> None:
    assert f"{run.url}/docs" in run.said
    assert httpx.get(f"{run.url}/docs").status_code == 200


def test_secrets_and_logs_are_for_their_owner_only(run: Run, data_dir: Path) -> None:
    httpx.get(f"{run.url}/health")
    eventually(lambda: (data_dir / "api.log").exists())
    files = [*data_dir.glob("*.*"), *(data_dir / "postgres").glob("*")]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files}
    assert {"secrets.json", "api.log", "postgres.log", "password", "cluster"} <= modes.keys()
    assert {name for name, mode in modes.items() if mode & 0o077} == set()


def test_the_kept_secrets_are_never_printed(run: Run, data_dir: Path) -> None:
    kept = Secrets.of(data_dir)
    assert kept.token_key not in run.said
    assert kept.app_password not in run.said


def test_the_api_is_not_the_databases_master(run: Run, superuser: Session) -> None:
    assert httpx.get(f"{run.url}/health").status_code == 200
    users = superuser.column(
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'nexus' AND pid <> "
        "pg_backend_pid() AND backend_type = 'client backend'"
    )
    assert set(users) - {"nexus_housekeeping"} == {"nexus_app"}


def test_three_requests_that_wait_do_not_hold_up_a_fourth(run: Run, superuser: Session) -> None:
    password = run.told_password()
    superuser.run("BEGIN")
    superuser.run(LOCKED)
    waiting = [threading.Thread(target=run.sign_in, args=(password,)) for _ in range(3)]
    for thread in waiting:
        thread.start()
    blocked = "SELECT count(*) = 3 FROM pg_locks WHERE NOT granted"
    eventually(lambda: superuser.value(blocked))
    assert httpx.get(f"{run.url}/health", timeout=5).status_code == 200
    superuser.run("ROLLBACK")
    for thread in waiting:
        thread.join()


def test_a_worker_that_dies_is_replaced(run: Run) -> None:
    (victim, *rest) = run.workers()
    victim.kill()
    eventually(lambda: victim not in run.workers() and len(run.workers()) == 4)
    assert set(rest) <= set(run.workers())
    assert httpx.get(f"{run.url}/health").status_code == 200


def test_a_front_that_dies_is_replaced_with_its_workers(run: Run) -> None:
    victim, workers = run.front(), run.workers()
    victim.kill()
    assert not psutil.wait_procs(workers, timeout=30)[1]
    eventually(lambda: len(run.workers()) == 4)
    assert run.front() != victim
    assert httpx.get(f"{run.url}/health").status_code == 200


def test_jobs_run_at_once_when_their_process_has_died(run: Run, superuser: Session) -> None:
    superuser.run("INSERT INTO revoked_tokens (id, expires_at) VALUES ('old', now())")
    victim = run.jobs()
    victim.kill()
    eventually(lambda: not superuser.value("SELECT count(*) FROM revoked_tokens"))
    assert run.jobs() != victim
    assert "a process died" in run.said


def test_jobs_have_their_own_role(run: Run, superuser: Session, data_dir: Path) -> None:
    holder = "SELECT pid FROM pg_locks WHERE relation = 'revoked_tokens'::regclass AND granted"
    waiting = (
        "SELECT array_agg(usename::text) FROM pg_stat_activity"
        f" WHERE ({holder}) = ANY (pg_blocking_pids(pid))"
    )
    with Session(_url(data_dir)) as with_lock:
        with_lock.run("BEGIN")
        with_lock.run("LOCK TABLE revoked_tokens IN ACCESS EXCLUSIVE MODE")
        run.jobs().kill()
        assert eventually(lambda: superuser.value(waiting)) == ["nexus_housekeeping"]


def test_a_writer_of_a_log_that_dies_is_replaced(run: Run, data_dir: Path) -> None:
    assert len(run.writers()) == 2
    for writer in run.writers():
        writer.kill()
    request_id = "after-the-writer-died"
    httpx.get(f"{run.url}/health", headers={"X-Request-Id": request_id})
    eventually(lambda: request_id in (data_dir / "api.log").read_text())
    eventually(lambda: run.said.count("the writer of") == 2)


def test_a_store_of_attachments_that_dies_is_replaced(run: Run, data_dir: Path) -> None:
    port = (data_dir / "attachments" / "port").read_text()
    victim = run.store()
    victim.kill()
    assert httpx.get(f"http://{HOST}:{port}/attachments").status_code == 403
    assert run.store() != victim
    run.until("the store of attachments died")


class Ended(NamedTuple):
    """A run that was ended while a worker was busy, and what it left."""

    run: Run
    status: int
    left: list[psutil.Process]
    logs: list[str]


def ended_though_busy(run: Run, data_dir: Path, password: str, number: int) -> Ended:
    family = run.family()
    with_lock = Session(_url(data_dir))
    with_lock.run("BEGIN")
    with_lock.run(LOCKED)
    caller = threading.Thread(target=_try_to_sign_in, args=(run, password))
    caller.start()
    blocked = "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted"
    eventually(lambda: with_lock.value(blocked))
    status = run.stop(number)
    left = psutil.wait_procs(family, timeout=5)[1]
    caller.join()
    return Ended(run, status, left, [file.read_text() for file in _logs(data_dir)])


@pytest.fixture(scope="module")
def password(run: Run) -> str:
    """The one that was printed, which is the administrator's in all runs on the folder."""
    return run.told_password()


@pytest.fixture(scope="module")
def token(run: Run, password: str) -> str:
    """Of the first run."""
    return str(run.sign_in(password).json()["access_token"])


@pytest.fixture(scope="module")
def terminated(run: Run, data_dir: Path, password: str, token: str) -> Ended:
    """The end of the first run."""
    assert token
    return ended_though_busy(run, data_dir, password, signal.SIGTERM)


@pytest.fixture(scope="module")
def restarted(terminated: Ended, data_dir: Path) -> Iterator[Run]:
    assert terminated.run.process.poll() is not None
    with running(data_dir) as run:
        yield run


@pytest.fixture(scope="module")
def killed(restarted: Run) -> list[psutil.Process]:
    """The family of the second run on the folder, which had no time to end it."""
    family = restarted.family()
    restarted.process.kill()
    return family


@pytest.fixture(scope="module")
def after_the_kill(restarted: Run, killed: list[psutil.Process], data_dir: Path) -> Iterator[Run]:
    assert killed
    with running(data_dir, PORT=str(restarted.port)) as run:
        yield run


@pytest.fixture(scope="module")
def interrupted(after_the_kill: Run, data_dir: Path, password: str) -> Ended:
    """The end of the third run on the folder."""
    return ended_though_busy(after_the_kill, data_dir, password, signal.SIGINT)


@pytest.fixture(scope="module")
def patient(interrupted: Ended, data_dir: Path) -> Iterator[Run]:
    """A run that has had to wait for its port, and then for its folder."""
    assert interrupted.run.process.poll() is not None
    lock = FolderLock(data_dir / "postgres")
    lock.acquire()
    with ExitStack() as taken:
        port = taken.enter_context(taken_port())
        with starting(data_dir, WORKERS="1", PORT=str(port)) as run:
            run.until(
                f"Port {port} is taken; stop what listens there, or set PORT=another. Waiting"
            )
            taken.close()
            run.until("is in use by another run. Waiting")
            lock.release()
            yield run.until("Sign in with:")


def test_it_ends_cleanly_on_sigterm_though_workers_are_busy(terminated: Ended) -> None:
    assert terminated.status == 0
    assert terminated.run.said.endswith("Nexus has stopped.")
    assert terminated.left == []


def test_data_and_password_outlive_a_restart(restarted: Run, password: str, token: str) -> None:
    assert password not in restarted.said
    assert restarted.sign_in(password).status_code == 200
    me = httpx.get(f"{restarted.url}/me", headers={"Authorization": f"Bearer {token}"})
    assert me.status_code == 200


def test_logs_go_on_after_a_restart(terminated: Ended, restarted: Run, data_dir: Path) -> None:
    httpx.get(f"{restarted.url}/health")
    for file, earlier in zip(_logs(data_dir), terminated.logs, strict=True):
        assert earlier
        eventually(partial(_is_longer, file, earlier))
        assert file.read_text().startswith(earlier)


def test_a_run_that_was_killed_starts_again_at_once_and_nothing_is_left_of_it(
    after_the_kill: Run, killed: list[psutil.Process], password: str
) -> None:
    assert not psutil.wait_procs(killed, timeout=20)[1]
    assert after_the_kill.sign_in(password).status_code == 200


def test_it_ends_cleanly_on_sigint_though_workers_are_busy(interrupted: Ended) -> None:
    assert interrupted.status == 0
    assert interrupted.run.said.endswith("Nexus has stopped.")
    assert interrupted.left == []


def test_a_restart_waits_for_the_port_and_for_the_folder(patient: Run, password: str) -> None:
    assert patient.sign_in(password).status_code == 200


def test_it_ends_with_one_line_when_its_postgresql_dies(patient: Run, data_dir: Path) -> None:
    family = patient.family()
    os.kill(int((data_dir / "postgres/cluster/postmaster.pid").read_text().split()[0]), 9)
    assert patient.ended() == 1
    log = data_dir / "postgres" / "postgres.log"
    assert patient.said.splitlines()[-1] == f"nexus: PostgreSQL has died (log: {log})."
    assert not psutil.wait_procs(family, timeout=10)[1]


def test_it_ends_cleanly_before_it_is_up(tmp_path: Path) -> None:
    with starting(tmp_path) as run:
        eventually(lambda: (tmp_path / "secrets.json").exists())
        family = run.family()
        assert run.stop() == 0
        assert not psutil.wait_procs(family, timeout=10)[1]
    assert "Traceback" not in run.said


def _is_longer(file: Path, earlier: str) -> bool:
    return len(file.read_text()) > len(earlier)


def _logs(data_dir: Path) -> list[Path]:
    return [data_dir / "api.log", data_dir / "postgres" / "postgres.log"]


def _url(data_dir: Path) -> str:
    server = data_dir / "postgres"
    password, port = (server / "password").read_text(), (server / "port").read_text()
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/nexus"


def _try_to_sign_in(run: Run, password: str) -> None:
    try:
        run.sign_in(password)
    except httpx.TransportError:
        return  # the run has ended
