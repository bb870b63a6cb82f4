"""A connection that died is noticed, told as such, and replaced at the next checkout."""

import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from local.postgres import Postgres
from nexus import pg
from tests.database.conftest import DATABASE, Connect, answer, patience
from tests.database.wire import Wire

PID = "select pg_backend_pid()"
PATIENCE = 15


@pytest.fixture
def kill(observer: Any) -> Callable[[int], None]:
    """Ends another session and returns when it is gone."""

    def kill(pid: int) -> None:
        assert observer.run("select pg_terminate_backend(:pid, 10000)", pid=pid) == [[True]]

    return kill


def engine_at(server: Postgres, wire: Wire) -> Engine:
    """Its server is behind the wire."""
    through = server.url(DATABASE).replace(str(server.port), str(wire.port))
    return pg.create_engine(through, time_left=patience)


def pid_of(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(PID).scalar_one())


def test_a_session_killed_at_work_is_a_disconnect(
    engine: Engine, kill: Callable[[int], None]
) -> None:
    with engine.connect() as connection:
        pid = connection.exec_driver_sql(PID).scalar_one()
        kill(pid)
        with pytest.raises(sa.exc.OperationalError) as lost:
            connection.execute(sa.select(sa.literal(1)))
    assert lost.value.connection_invalidated
    assert isinstance(lost.value.orig, pg.Disconnected)
    assert lost.value.orig.sqlstate == "57P01"
    assert pid_of(engine) != pid


def test_a_session_that_kills_itself_is_a_disconnect(engine: Engine) -> None:
    suicide = sa.text("select pg_terminate_backend(pg_backend_pid()), pg_sleep(:seconds)")
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError) as lost:
        connection.execute(suicide, {"seconds": 9})
    assert lost.value.connection_invalidated
    assert pid_of(engine)


def test_a_session_that_a_proxy_would_keep_for_one_client_is_let_go(engine: Engine) -> None:
    pid = pid_of(engine)
    assert pid_of(engine) == pid
    with engine.connect() as connection:
        connection.exec_driver_sql(f"{PID} /* {'long' * 4096} */")
    assert pid_of(engine) != pid


def test_a_session_killed_before_commit_fails_the_commit(
    engine: Engine, kill: Callable[[int], None]
) -> None:
    with engine.connect() as connection:
        kill(connection.exec_driver_sql(PID).scalar_one())
        with pytest.raises(sa.exc.OperationalError) as lost:
            connection.commit()
    assert lost.value.connection_invalidated
    assert pid_of(engine)


def test_a_session_killed_before_rollback_troubles_nobody(
    engine: Engine, kill: Callable[[int], None]
) -> None:
    with engine.connect() as connection:
        pid = connection.exec_driver_sql(PID).scalar_one()
        kill(pid)
    assert pid_of(engine) != pid


def test_a_session_killed_while_idle_is_replaced_unseen(
    engine: Engine, kill: Callable[[int], None]
) -> None:
    for _ in range(3):
        pid = pid_of(engine)
        kill(pid)
        assert pid_of(engine) != pid


def test_a_living_session_is_kept(engine: Engine) -> None:
    assert len({pid_of(engine) for _ in range(20)}) == 1


def test_a_cut_wire_is_a_disconnect(server: Postgres) -> None:
    with Wire(server.port) as wire:
        engine = engine_at(server, wire)
        with engine.connect() as connection:
            connection.exec_driver_sql(PID)
            wire.cut()
            with pytest.raises(sa.exc.OperationalError) as lost:
                connection.execute(sa.select(sa.literal(1)))
        assert lost.value.connection_invalidated
        assert pid_of(engine)
        wire.cut()
        assert pid_of(engine)
        engine.dispose()


def test_an_answer_to_rollback_that_got_lost_costs_the_connection_only(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "nexus.pg.connection.ROLLBACK_REPLY_SECONDS", 0.2
    )  # PATIENCE is far from it
    with Wire(server.port) as wire:
        engine = engine_at(server, wire)
        with engine.connect() as connection:
            pid = connection.exec_driver_sql(PID).scalar_one()
            wire.lose_answers()
        since = time.monotonic()
        assert pid_of(engine) != pid
        assert time.monotonic() - since < PATIENCE
        engine.dispose()


def test_news_of_an_idle_server_does_not_cost_the_connection(engine: Engine, observer: Any) -> None:
    with engine.begin() as connection:
        driver = pg.driver(connection)
        connection.exec_driver_sql("listen news")
    observer.run("notify news")
    while not driver.notifications:
        with engine.connect() as connection:
            assert pg.driver(connection) is driver
    assert driver.round_trips == 2


def test_commit_on_a_lost_connection_raises(
    ours: pg.Connection, kill: Callable[[int], None]
) -> None:
    [[pid]] = answer(ours, PID)
    ours.commit()
    kill(pid)
    with pytest.raises(pg.Disconnected):
        answer(ours, "select %s::int", 1)
    with pytest.raises(pg.Disconnected) as lost:
        ours.commit()
    assert not lost.value.is_uncertain  # it was lost before


@pytest.mark.parametrize(
    "end",
    [
        pg.Connection.rollback,
        pg.Connection.close,
        lambda connection: connection.run_later("select 1", ()),
    ],
)
def test_what_is_not_waited_for_hears_of_no_lost_connection(
    connect: Connect, sockets: list[socket.socket], end: Callable[[pg.Connection], None]
) -> None:
    connection = connect()
    answer(connection, "select 1")
    sockets[-1].shutdown(socket.SHUT_RDWR)
    end(connection)
    with pytest.raises(pg.Disconnected):
        answer(connection, "select 1")


def test_whether_a_commit_was_done_is_uncertain_when_its_answer_is_lost(server: Postgres) -> None:
    with Wire(server.port) as wire:
        for lose, lost in ((wire.lose_answers, pg.TimedOut), (wire.cut, pg.Disconnected)):
            engine = engine_at(server, wire)
            with engine.connect() as connection:
                driver = pg.driver(connection)
                driver.execute_unnamed("select 1")
                lose()
                driver.time_left = lambda: 0.2
                with pytest.raises(lost) as failed:
                    driver.commit()
            assert failed.value.is_uncertain
            engine.dispose()


def test_a_server_that_does_not_answer_in_time_is_a_disconnect(url: str) -> None:
    engine = pg.create_engine(url, time_left=lambda: 0.5)
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError) as lost:
        connection.execute(sa.text("select pg_sleep(:seconds)"), {"seconds": 9})
    assert isinstance(lost.value.orig, pg.TimedOut)
    assert lost.value.connection_invalidated
    assert pid_of(engine)
    engine.dispose()


def test_nothing_is_sent_when_no_time_is_left(connect: Connect) -> None:
    left = [30.0] * 2

    connection = connect(time_left=lambda: left.pop())
    [[pid]] = answer(connection, PID)
    for late in (connection.commit, lambda: answer(connection, PID)):
        with pytest.raises(IndexError):
            late()
    left.append(30.0)
    assert answer(connection, PID) == ([pid],)
    assert connection.round_trips == 2


def test_a_server_that_only_reads_costs_the_connection(engine: Engine) -> None:
    with engine.connect() as connection:
        pid = connection.exec_driver_sql(PID).scalar_one()
        connection.exec_driver_sql("set transaction read only")
        with pytest.raises(sa.exc.OperationalError) as lost:
            connection.exec_driver_sql("create table nowhere ()")
    assert isinstance(lost.value.orig, pg.Disconnected)
    assert lost.value.orig.sqlstate == "25006"
    assert pid_of(engine) != pid


def test_no_server_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(sa.exc.OperationalError) as lost:
        pg.create_engine(f"postgresql://x:x@127.0.0.1:{port}/x", time_left=patience).connect()
    assert isinstance(lost.value.orig, pg.NotConnected)


def test_a_server_that_says_nothing_is_no_connection(sockets: list[socket.socket]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        at = {"host": "127.0.0.1", "port": silent.getsockname()[1], "user": "x"}
        with pytest.raises(pg.NotConnected):
            pg.connect(**at, ssl_context=False, time_left=lambda: 0.2)
    assert [made.gettimeout() for made in sockets] == [0.2]


def test_a_server_that_hangs_up_is_no_connection() -> None:
    with Wire(1) as wire, pytest.raises(pg.NotConnected):
        pg.connect(
            user="x", host="127.0.0.1", port=wire.port, ssl_context=False, time_left=patience
        )


def test_parameters_are_kept_out_of_error_messages(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DataError) as refused:
        connection.execute(sa.text("select 1 / 0, :secret"), {"secret": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_a_wrong_password_is_no_connection(url: str) -> None:
    wrong = sa.make_url(url).set(password="wrong")
    with pytest.raises(sa.exc.OperationalError) as refused:
        pg.create_engine(wrong.render_as_string(hide_password=False), time_left=patience).connect()
    assert isinstance(refused.value.orig, pg.NotConnected)
    assert refused.value.orig.sqlstate == "28P01"


def test_an_interrupted_exchange_costs_the_connection_only(engine: Engine) -> None:
    """What pg8000 cannot go on from leaves answers unread: nobody may use that connection."""
    with engine.connect() as connection:
        pid = connection.exec_driver_sql(PID).scalar_one()
        with pytest.raises(sa.exc.InterfaceError):
            connection.exec_driver_sql("copy pg_am to stdout")
    assert pid_of(engine) != pid


def test_the_password_is_asked_at_every_connect(
    url: str, server: Postgres, kill: Callable[[int], None]
) -> None:
    asked = []

    def password() -> str:
        asked.append(1)
        return server.password

    at = sa.make_url(url).set(password=None).render_as_string()
    engine = pg.create_engine(at, time_left=patience, password=password)
    assert asked == []  # lazily
    pid = pid_of(engine)
    assert pid_of(engine) == pid
    kill(pid)
    assert pid_of(engine) != pid
    assert len(asked) == 2
    engine.dispose()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file with a key and a certificate of its own for 127.0.0.1."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -keyout -"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    path.write_bytes(
        subprocess.run([*command.split(), *names], check=True, capture_output=True).stdout
    )
    return str(path)


def test_tls_is_used_when_a_context_is_given(server: Postgres, certificate: str) -> None:
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=certificate)
    at = server.url(DATABASE)
    with Wire(server.port, certificate=serving) as wire:
        tls = at.replace(str(server.port), str(wire.port))
        engine = pg.create_engine(tls, ssl_context=trusting, time_left=patience)
        assert len({pid_of(engine) for _ in range(20)}) == 1
        with engine.connect() as connection:
            big = "é" * 2**20
            assert connection.scalar(sa.select(sa.literal(big))) == big
        engine.dispose()
        distrusting = pg.create_engine(
            tls, time_left=patience, ssl_context=ssl.create_default_context()
        )
        with pytest.raises(sa.exc.OperationalError):
            distrusting.connect()


def test_a_server_without_tls_is_refused_when_a_context_is_given(url: str) -> None:
    engine = pg.create_engine(url, time_left=patience, ssl_context=ssl.create_default_context())
    with pytest.raises(sa.exc.OperationalError):
        engine.connect()
