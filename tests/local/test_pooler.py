"""The PgBouncer of the tests is a real one, in transaction mode."""

from collections.abc import Iterator

import psutil
import pytest
from pg8000.native import Connection, DatabaseError

from local.pooler import Pooler, PoolerFailed, role_of
from local.ports import HOST
from local.postgres import Postgres


@pytest.fixture(scope="module")
def pool(postgres: Postgres) -> Iterator[Pooler]:
    url = postgres.url("postgres")
    with Pooler(url, role_of(url), default_pool_size=1) as running:
        yield running


def connect(pool: Pooler, password: str) -> Connection:
    return Connection("postgres", HOST, "postgres", pool.port, password)


def test_clients_take_turns_on_one_server_connection(postgres: Postgres, pool: Pooler) -> None:
    with connect(pool, postgres.password) as one, connect(pool, postgres.password) as other:
        sql = "SELECT pg_backend_pid()"
        assert one.run(sql) == other.run(sql)


def test_a_wrong_password_is_refused(pool: Pooler) -> None:
    with pytest.raises(DatabaseError):
        connect(pool, "guessed")


def test_it_is_given_nothing_of_the_environment(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEXUS_ADMIN_PASSWORD", "a long one, this")
    url = postgres.url("postgres")
    before = psutil.Process().children()
    with Pooler(url, role_of(url)):
        (own,) = set(psutil.Process().children()) - set(before)
        assert own.name() == "pgbouncer"
        assert own.environ() == {}


def test_one_line_says_that_pgbouncer_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(PoolerFailed, match="apt-get install pgbouncer"):
        Pooler("postgresql://postgres@127.0.0.1/postgres", {}).start()
