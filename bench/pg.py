"""Stock pg8000 against the pipelined connection: `python -m bench.pg`."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from local.postgres import Postgres
from nexus import pg
from nexus.db.deadline import time_left
from tests.support.proxy import Proxy, Said

ROUNDS, READS = 7, 40
ONE_WAY_SECONDS = 0.0005  # half of the millisecond to a database in the same region

ASSETS = sa.table("assets", *(sa.column(name) for name in ("id", "name", "tags", "made_at")))
AUTHENTICATE = sa.text("select set_config('nexus.tenant_id', :tenant, true), :token, now()")
CALLER = {"tenant": "01J0000000000000000000000A", "token": "secret"}
AHEAD = "select set_config('nexus.tenant_id', $1, true), $2, now()"


def asset(connection: sa.Connection, number: int) -> Any:
    query = sa.select(ASSETS).where(ASSETS.c.id == sa.bindparam(None, number, sa.Integer))
    return connection.execute(query).one()


def read(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(AUTHENTICATE, CALLER).one()
        asset(connection, 7)


def read_with_authentication_ahead(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        pg.driver(connection).send_ahead(AHEAD, [*CALLER.values()], len)
        asset(connection, 7)


def list_thousand(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.select(ASSETS)).all()


def write_hundred(engine: sa.Engine) -> None:
    write = sa.text("update assets set name = :name where id = :id")
    with engine.begin() as connection:
        connection.execute(write, [{"id": i, "name": f"n{i}"} for i in range(100)])


def milliseconds(work: Callable[[sa.Engine], None], engine: sa.Engine, times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        work(engine)
    return (time.perf_counter() - start) / times * 1000


def compared(row: str, theirs: Callable[[], float], ours: Callable[[], float]) -> None:
    """Takes turns, so that a busy machine is busy for both."""
    theirs(), ours()
    gc.collect()
    turns = [(theirs(), ours()) for _ in range(ROUNDS)]
    stock, own = (median(column) for column in zip(*turns, strict=True))
    print(f"{row:<44}{stock:>9.2f}{own:>9.2f}{stock / own:>8.1f}x")


def filled(url: str) -> None:
    engine = pg.create_engine(url, time_left=time_left)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create table assets as select i as id, 'Laptop ' || i as name,"
            " jsonb_build_object('k', i) as tags, now() as made_at"
            " from generate_series(1, 1000) i; alter table assets add primary key (id)"
        )
    engine.dispose()


def compare_at(port: int, url: str, where: str) -> None:
    at = sa.make_url(url).set(port=port)
    options: dict[str, Any] = {"ssl_context": False}
    stock = sa.create_engine(at.set(drivername="postgresql+pg8000"), connect_args=options)
    ours = pg.create_engine(at.render_as_string(hide_password=False), time_left=time_left)
    for name, theirs, own, times in (
        ("authenticated read", read, read, READS),
        ("authenticated read, in one flush", read, read_with_authentication_ahead, READS),
        ("1,000 rows of 4 columns", list_thousand, list_thousand, 5),
        ("100 updates and COMMIT", write_hundred, write_hundred, 2),
    ):
        compared(
            f"{name}, {where}",
            partial(milliseconds, theirs, stock, times),
            partial(milliseconds, own, ours, times),
        )
    stock.dispose()
    ours.dispose()


class DistantWire(Proxy):
    def _pass(self, said: Said) -> None:
        time.sleep(ONE_WAY_SECONDS)
        super()._pass(said)


def carry(server_port: int, told: Connection) -> None:
    with DistantWire(server_port) as wire:
        told.send(wire.port)
        told.recv()


@contextmanager
def far_away(server_port: int) -> Iterator[int]:
    """The port of a slow wire to the server; a process of its own, as it would slow us too."""
    told, telling = Pipe()
    process = Process(target=carry, args=(server_port, telling))
    process.start()
    yield told.recv()
    told.send("enough")
    process.join()


def main() -> None:
    print(f"{'milliseconds, median':<44}{'stock':>9}{'ours':>9}{'ratio':>9}")
    with (
        tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder,
        Postgres(Path(folder), durable=False) as server,
    ):
        server.create_database("nexus")
        filled(server.url())
        compare_at(server.port, server.url(), "local")
        with far_away(server.port) as port:
            compare_at(port, server.url(), "1 ms away")


if __name__ == "__main__":
    main()
