"""The embedded PostgreSQL: private, restartable, and no trouble after a crash."""

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pg8000.native import Connection, DatabaseError

from local.files import DataDirInUse
from local.ports import HOST
from local.postgres import Postgres, PostgresFailed


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "below" / "data"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("server"), durable=False) as server:
        yield server


def ask(server: Postgres, sql: str) -> object:
    with Connection("postgres", HOST, "postgres", server.port, server.password) as connection:
        return connection.run(sql)[0][0]


def server_pid(server: Postgres) -> int:
    return int((server.data_dir / "cluster" / "postmaster.pid").read_text().split()[0])


def test_it_starts_again_on_the_same_data_and_port(data_dir: Path) -> None:
    with Postgres(data_dir, durable=False) as first:
        first.create_database("kept")
        before = first.url("kept")
    with Postgres(data_dir, durable=False) as second:
        assert second.has_database("kept")
        assert second.url("kept") == before


def test_it_takes_another_port_when_its_own_is_taken(data_dir: Path, tmp_path: Path) -> None:
    with Postgres(data_dir, durable=False) as first:
        port = first.port
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "port").write_text(str(port))
    with Postgres(tmp_path / "other", durable=False), Postgres(data_dir, durable=False) as second:
        assert second.port != port
        assert ask(second, "SELECT 1") == 1


def test_text_is_utf_8_and_order_is_the_same_on_every_machine(server: Postgres) -> None:
    sql = "SELECT pg_encoding_to_char(encoding) || ' ' || datlocale FROM pg_database LIMIT 1"
    assert ask(server, sql) == "UTF8 C.UTF-8"


def test_nobody_enters_without_the_password(server: Postgres) -> None:
    with pytest.raises(DatabaseError, match="password authentication failed"):
        Connection("postgres", HOST, "postgres", server.port, "guessed")


def test_the_password_is_for_its_owner_only(server: Postgres) -> None:
    mode = (server.data_dir / "password").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_it_listens_on_this_machine_only(server: Postgres) -> None:
    listening = psutil.Process(server_pid(server)).net_connections("inet")
    assert {connection.laddr.ip for connection in listening} == {HOST}
    assert ask(server, "SHOW unix_socket_directories") == ""


def test_its_parents_are_not_opened_to_others(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with Postgres(private / "data", durable=False) as server:
        assert ask(server, "SELECT 1") == 1
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_it_never_runs_as_root(server: Postgres) -> None:
    assert 0 not in psutil.Process(server_pid(server)).uids()


def test_it_starts_again_after_it_was_killed(data_dir: Path) -> None:
    server = Postgres(data_dir, durable=False)
    server.start()
    os.kill(server_pid(server), signal.SIGKILL)
    server.stop()
    with Postgres(data_dir, durable=False) as again:
        assert ask(again, "SELECT 1") == 1


def test_a_pid_that_another_program_has_now_is_no_obstacle(data_dir: Path) -> None:
    with Postgres(data_dir, durable=False):
        pass
    pid_file = data_dir / "cluster" / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"]) as bystander:
        pid_file.write_text(f"{bystander.pid}\n{data_dir / 'cluster'}\n1\n1\n\n{HOST}\n\nready\n")
        with Postgres(data_dir, durable=False) as server:
            assert ask(server, "SELECT 1") == 1
        assert bystander.poll() is None
        bystander.kill()


def test_a_second_run_on_the_data_is_refused(server: Postgres) -> None:
    with pytest.raises(DataDirInUse):
        Postgres(server.data_dir).start()
    assert ask(server, "SELECT 1") == 1


def test_data_of_another_version_is_refused_in_plain_words(data_dir: Path) -> None:
    with Postgres(data_dir, durable=False):
        pass
    (data_dir / "cluster" / "PG_VERSION").write_text("12\n")
    with pytest.raises(PostgresFailed, match="data of PostgreSQL 12"):
        Postgres(data_dir).start()


def test_an_interrupted_creation_is_begun_anew(data_dir: Path) -> None:
    (data_dir / "cluster.new" / "base").mkdir(parents=True)
    with Postgres(data_dir, durable=False) as server:
        assert ask(server, "SELECT 1") == 1
