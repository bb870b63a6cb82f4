"""Through a real PgBouncer in transaction mode, where clients share a few server connections."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from local.pooler import Pooler, role_of
from local.postgres import Postgres
from nexus import pg
from tests.database.conftest import DATABASE, answer, options, patience

CLIENTS, ANSWERS, SERVERS = 6, 5000, 2


@pytest.fixture(scope="session")
def pooled_url(server: Postgres) -> Iterator[str]:
    direct = server.url(DATABASE)
    with Pooler(direct, role_of(direct), default_pool_size=SERVERS) as pooler:
        yield pooler.url("postgres", server.password, DATABASE)


class Client:
    """Asks in SQL of its own, so that an answer shows whose it is."""

    def __init__(self, url: str, number: int) -> None:
        self.number = number
        self.wrong: list[Any] = []
        self.answers = 0
        self.servers: set[int] = set()
        self._random = random.Random(number)
        self._connection = pg.connect(**options(url), time_left=patience)

    def run(self) -> "Client":
        while self.answers < ANSWERS / CLIENTS:
            self._transaction()
        self._connection.close()
        return self

    def _transaction(self) -> None:
        for _ in range(self._random.randint(1, 4)):
            self._ask()
        self._random.choice((self._ask_wrongly, self._ask_badly, self._ask_nothing))()
        ours = self._connection
        later = partial(ours.run_later, "select $1::int", [self.number])
        self._random.choice((ours.rollback, ours.rollback, ours.commit, later))()

    def _ask(self) -> None:
        value = self._random.randrange(10**9)
        columns = ", ".join([f"%s::int + {self.number}"] * (self.number + 1))
        sql = f"select 'client {self.number}', pg_backend_pid(), {columns}"
        [[who, server, *values]] = answer(self._connection, sql, *[value] * (self.number + 1))
        self.servers.add(server)
        self._check((who, values), (f"client {self.number}", [value + self.number] * len(values)))

    def _check(self, answered: object, expected: object) -> None:
        self.answers += 1
        if answered != expected:
            self.wrong.append((answered, expected))

    def _ask_wrongly(self) -> None:
        self._connection.cursor().execute("savepoint before")
        with pytest.raises(pg.DataError) as refused:
            answer(self._connection, f"select {self.number} / %s", 0)
        self._check(refused.value.sqlstate, "22012")
        self._connection.cursor().execute("rollback to savepoint before")

    def _ask_badly(self) -> None:
        with pytest.raises(pg.UnencodableText):
            answer(self._connection, f"select {self.number}, %s", "\ud800")

    def _ask_nothing(self) -> None:
        answers = self._connection.pipeline([("select %s::int", [n]) for n in (self.number, 7)])
        self._check([item.rows for item in answers], [[[self.number]], [[7]]])


def test_no_client_gets_the_answer_of_another(pooled_url: str) -> None:
    clients = [Client(pooled_url, number) for number in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = list(pool.map(Client.run, clients))
    assert sum(client.answers for client in done) >= ANSWERS
    assert [client.wrong for client in done] == [[]] * CLIENTS
    assert len(set().union(*(client.servers for client in done))) == SERVERS


def test_what_a_transaction_sets_is_gone_for_the_next_client(pooled_url: str) -> None:
    one, other = (pg.connect(**options(pooled_url), time_left=patience) for _ in range(2))
    for number in range(50):
        answer(one, "select set_config('nexus.tenant_id', %s, true)", str(number))
        one.rollback()
        [[seen]] = answer(other, "select current_setting('nexus.tenant_id', true)")
        assert not seen
        other.rollback()
    one.close()
    other.close()


def test_a_killed_server_behind_the_pooler_is_a_disconnect(pooled_url: str, observer: Any) -> None:
    engine = pg.create_engine(pooled_url, time_left=patience)
    with engine.connect() as connection:
        pid = connection.exec_driver_sql("select pg_backend_pid()").scalar_one()
        assert observer.run("select pg_terminate_backend(:pid, 10000)", pid=pid) == [[True]]
        with pytest.raises(sa.exc.OperationalError) as lost:
            connection.execute(sa.select(sa.literal(1)))
    assert lost.value.connection_invalidated
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.literal(2))) == 2
    engine.dispose()


def test_a_read_through_the_pooler_waits_once(pooled_url: str) -> None:
    engine = pg.create_engine(pooled_url, time_left=patience)
    for number in range(10):
        with engine.connect() as connection:
            assert connection.scalar(sa.select(sa.literal(number))) == number
            assert pg.driver(connection).round_trips == number + 1
    engine.dispose()
