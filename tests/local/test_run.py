"""`make run`: a fresh folder, the same folder again, several processes, a clean end."""

import os
import re
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from local.files import FolderLock
from local.ports import HOST
from local.postgres import Postgres
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


def test_a_second_run_on_the_folder_is_refused(run: Run, data_dir: Path) -> None:
    second = Run(data_dir)
    assert (
        second.refusal() == f"nexus: The data folder {data_dir}/postgres is in use by another run."
    )
    assert httpx.get(f"{run.url}/health").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_though_workers_are_busy(tmp_path: Path, number: int) -> None:
    with running(tmp_path) as run:
        family = run.family()
        with_lock = Session(_url(tmp_path))
        with_lock.run("BEGIN")
        with_lock.run(LOCKED)
        caller = threading.Thread(target=_try_to_sign_in, args=(run,))
        caller.start()
        blocked = "SELECT count(*) = 1 FROM pg_locks WHERE NOT granted"
        eventually(lambda: with_lock.value(blocked))
        assert run.stop(number) == 0
        assert run.said.endswith("Nexus has stopped.")
        assert not psutil.wait_procs(family, timeout=5)[1]
        caller.join()


def test_it_ends_with_one_line_when_its_postgresql_dies(tmp_path: Path) -> None:
    with running(tmp_path, WORKERS="1") as run:
        family = run.family()
        os.kill(int((tmp_path / "postgres/cluster/postmaster.pid").read_text().split()[0]), 9)
        assert run.ended() == 1
        log = tmp_path / "postgres" / "postgres.log"
        assert run.said.splitlines()[-1] == f"nexus: PostgreSQL has died (log: {log})."
        assert not psutil.wait_procs(family, timeout=10)[1]


def test_it_ends_cleanly_before_it_is_up(tmp_path: Path) -> None:
    with starting(tmp_path) as run:
        eventually(lambda: (tmp_path / "secrets.json").exists())
        family = run.family()
        assert run.stop() == 0
        assert not psutil.wait_procs(family, timeout=10)[1]
    assert "Traceback" not in run.said


def test_data_and_password_outlive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        password = first.told_password()
        token = first.sign_in(password).json()["access_token"]
    with running(tmp_path) as second:
        assert password not in second.said
        assert second.sign_in(password).status_code == 200
        me = httpx.get(f"{second.url}/me", headers={"Authorization": f"Bearer {token}"})
        assert me.status_code == 200


def test_a_run_that_was_killed_starts_again_at_once_and_nothing_is_left_of_it(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as first:
        password, family = first.told_password(), first.family()
        first.process.kill()
    with running(tmp_path, PORT=str(first.port)) as second:
        assert not psutil.wait_procs(family, timeout=20)[1]
        assert second.sign_in(password).status_code == 200


def test_a_restart_waits_for_the_port(tmp_path: Path) -> None:
    with taken_port() as port:
        run = Run(tmp_path, WORKERS="1", PORT=str(port))
        run.until(f"Port {port} is taken; stop what listens there, or set PORT=another. Waiting")
    run.until("Sign in with:")
    assert run.stop() == 0


def test_a_restart_waits_for_the_folder(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    lock = FolderLock(tmp_path / "postgres")
    lock.acquire()
    with starting(tmp_path, WORKERS="1") as run:
        run.until("is in use by another run. Waiting")
        lock.release()
        run.until("Sign in with:")


def test_logs_go_on_after_a_restart(tmp_path: Path) -> None:
    files = [tmp_path / "api.log", tmp_path / "postgres" / "postgres.log"]
    with running(tmp_path, WORKERS="1") as first:
        httpx.get(f"{first.url}/health")
    before = [file.read_text() for file in files]
    assert all(before)
    with running(tmp_path, WORKERS="1") as second:
        httpx.get(f"{second.url}/health")
    for file, earlier in zip(files, before, strict=True):
        assert file.read_text().startswith(earlier)
        assert len(file.read_text()) > len(earlier)


def test_no_child_is_given_a_secret_of_the_environment(tmp_path: Path, elsewhere: Postgres) -> None:
    elsewhere.create_database("secrets")
    password, url = "a long one, this", elsewhere.url("secrets")
    own: dict[str, str] = {"NEXUS_ADMIN_PASSWORD": password}
    for settings in (own, own | {"DATABASE_URL": url}):
        with running(tmp_path, WORKERS="1", **settings) as run:
            assert run.sign_in(password).status_code == 200
            shown = run.environments()
            roles = {one.split()[0] for one in shown}
            assert {"nexus-front", "nexus-jobs", "nexus-worker"} <= roles
            assert ("postgres" in roles) is ("DATABASE_URL" not in settings)
            assert [one for one in shown if password in one or elsewhere.password in one] == []


def test_settings_choose_the_administrator_and_the_demo(tmp_path: Path) -> None:
    settings = {
        "NEXUS_ADMIN_EMAIL": "Chief@School.example",
        "NEXUS_ADMIN_PASSWORD": "a long one, this",
    }
    with running(tmp_path, WORKERS="1", NEXUS_DEMO="1", **settings) as run:
        assert settings["NEXUS_ADMIN_PASSWORD"] not in run.said
        assert len(run.workers()) == 1
        answer = run.sign_in(settings["NEXUS_ADMIN_PASSWORD"], "chief@school.example")
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        tenants = httpx.get(f"{run.url}/tenants?is_root=false", headers=token).json()["items"]
        assert [tenant["name"] for tenant in tenants] == ["Lakeside School District"]
        within = token | {"X-Tenant-Id": tenants[0]["id"]}
        groups = httpx.get(f"{run.url}/groups?name=Technology", headers=within).json()["items"]
        members = f"{run.url}/groups/{groups[0]['id']}/memberships"
        assert len(httpx.get(members, headers=within).json()["items"]) == 3


def _url(data_dir: Path) -> str:
    server = data_dir / "postgres"
    password, port = (server / "password").read_text(), (server / "port").read_text()
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/nexus"


def _try_to_sign_in(run: Run) -> None:
    try:
        run.sign_in(run.told_password())
    except httpx.TransportError:
        return  # the run has ended
