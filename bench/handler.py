"""A Lambda's event in, its answer out, against the floor and FastAPI: `python -m bench.handler`.

CPU is this process's; wall time also with the database a millisecond away.
"""

import gc
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple, TextIO
from urllib.parse import urlencode

import psutil
from mangum import Mangum
from sqlalchemy.engine import make_url

from bench.floor import Floor
from bench.pg import far_away
from bench.template_app import create_app
from local.postgres import Postgres
from nexus.db import statements
from nexus.db.engine import engine
from nexus.pg import driver
from tests.support.events import Event, event
from tests.support.stack import Database, kernel, new_database

ROUNDS, TIMES, GROUPS = 25, 8, 2_000
PAUSE_SECONDS = 0.003
CONTEXT = None
# More groups than a tenant may have, and more to come.
FILL = """
    ALTER TABLE groups DISABLE TRIGGER ck_groups_per_tenant;
    SET LOCAL session_replication_role = replica;
    INSERT INTO groups (id, tenant_id, name, description)
        SELECT lpad('1' || n, 26, '0'), '{tenant}', 'Group ' || md5(n::text), 'Made to be read.'
        FROM generate_series(1000000, 1000000 + {groups}) n;
"""

type Handler = Callable[[Event, Any], Event]
COUNTER = itertools.count(1)


class Cost(NamedTuple):
    """Of one request, in milliseconds."""

    wall: float
    cpu: float


class Case(NamedTuple):
    name: str
    make: Callable[[], Event]
    status: int = 200
    of_template: bool = True  # it has the feature


def sign_in(handler: Handler, database: Database) -> tuple[str, str]:
    """A token of an administrator whose tenant has groups, and the tenant."""
    form = urlencode({"username": database.admin_email, "password": database.admin_password})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    signed_in = handler(event("POST", "/me/signin", "", form, headers=kind), CONTEXT)
    token = read(signed_in)["access_token"]
    tenant = read(handler(event("POST", "/tenants", token, '{"name": "Bench"}'), CONTEXT))["id"]
    chosen = f'{{"tenant_id": "{tenant}"}}'
    assert handler(event("POST", "/me/current-tenant", token, chosen), CONTEXT)["statusCode"] < 300
    return token, tenant


def read(answer: Event) -> Any:
    assert answer["statusCode"] < 300, answer
    return json.loads(answer["body"])


def cases(token: str) -> list[Case]:
    group = f"1{1_000_000 + GROUPS // 2}".rjust(26, "0")

    def get() -> Event:
        return event("GET", "/groups/{group_id}", token, path={"group_id": group})

    def page() -> Event:
        return event("GET", "/groups", token, query={"limit": "50"})

    def search() -> Event:
        return event("GET", "/groups", token, query={"q": f"{next(COUNTER) % 4096:03x}"})

    def post() -> Event:
        return event("POST", "/groups", token, f'{{"name": "Bench {next(COUNTER)}"}}')

    def post_with_key() -> Event:
        body = f'{{"name": "Bench {next(COUNTER)}"}}'
        return event(
            "POST", "/groups", token, body, headers={"Idempotency-Key": f"k{next(COUNTER)}"}
        )

    def patch() -> Event:
        number = next(COUNTER)
        body = f'{{"description": "Changed {number}"}}'
        path = {"group_id": f"1{1_000_000 + number % 50}".rjust(26, "0")}
        return event("PATCH", "/groups/{group_id}", token, body, path=path)

    return [
        Case("GET by id", get),
        Case("list of 50", page),
        Case("search", search),
        Case("POST", post, 201),
        Case("POST with key", post_with_key, 201, of_template=False),
        Case("PATCH", patch),
    ]


def cost(handler: Handler, case: Case) -> Cost:
    """Of some requests, each with a pause before it, as they come to an environment: what nobody
    waits for in one (the answer to a ROLLBACK) is there when the next begins."""
    wall = cpu = 0.0
    for asked in [case.make() for _ in range(TIMES)]:
        time.sleep(PAUSE_SECONDS)
        began, used = time.perf_counter(), time.process_time()
        answer = handler(asked, CONTEXT)
        wall, cpu = wall + time.perf_counter() - began, cpu + time.process_time() - used
        assert answer["statusCode"] == case.status, answer
    return Cost(wall / TIMES * 1000, cpu / TIMES * 1000)


def compared(case: Case, handlers: dict[str, Handler]) -> dict[str, Cost]:
    """Takes turns, so that a busy machine is busy for all."""
    serving = {n: h for n, h in handlers.items() if case.of_template or n in ("ours", "floor")}
    for handler in serving.values():
        cost(handler, case)
    gc.collect()
    turns = [
        {name: cost(handler, case) for name, handler in serving.items()} for _ in range(ROUNDS)
    ]
    return {
        name: Cost(*(median(turn[name][at] for turn in turns) for at in (0, 1))) for name in serving
    }


def waits(handler: Handler, case: Case) -> int:
    """How often our handler waits for the database."""
    before = round_trips()
    handler(case.make(), CONTEXT)
    return round_trips() - before


def round_trips() -> int:
    with engine().connect() as connection:
        return int(driver(connection).round_trips)


@contextmanager
def contestants(database: Database, port: int) -> Iterator[dict[str, Handler]]:
    from system.app import handler

    url, owners = (
        make_url(given).set(port=port).render_as_string(hide_password=False)
        for given in (database.app_url, database.superuser_url)
    )
    with kernel(**database.variables(url)):
        yield {
            "ours": handler,
            "floor": Floor(url),
            "b": Mangum(create_app(owners, "pg8000"), lifespan="off"),
            "b2": Mangum(create_app(owners, "psycopg"), lifespan="off"),
        }


def tabulate(database: Database, port: int, where: str, token: str, out: TextIO) -> None:
    names = ("ours", "floor", "b", "b2")
    columns = [f"{unit} {name}" for unit in ("cpu", "wall") for name in names]
    columns += ["x floor cpu", "x floor wall", "b / ours", "b2 / ours", "waits"]
    print(f"\n{where:<16}{''.join(f'{column:>13}' for column in columns)}", file=out)
    with contestants(database, port) as handlers:
        for case in cases(token):
            costs = compared(case, handlers)
            ours, floor = costs["ours"], costs["floor"]
            figures = [costs[n][at] if n in costs else None for at in (1, 0) for n in names]
            figures += [ours.cpu / floor.cpu, ours.wall / floor.wall]
            figures += [costs[n].wall / ours.wall if n in costs else None for n in ("b", "b2")]
            row = "".join(f"{'-':>13}" if f is None else f"{f:>13.2f}" for f in figures)
            print(f"{case.name:<16}{row}{waits(handlers['ours'], case):>13}", file=out, flush=True)


def growth(database: Database, token: str, out: TextIO) -> None:
    """What a thousand requests of one shape leave behind."""
    from system.app import handler

    with kernel(**database.variables(database.app_url)):
        print("\nafter 1,000 more requests of one shape", file=out)
        for case in cases(token):
            for _ in range(50):
                handler(case.make(), CONTEXT)
            entries, memory = left()
            for _ in range(1_000):
                handler(case.make(), CONTEXT)
            more_entries, more_memory = left()
            grown = f"statements cached {entries} -> {more_entries}"
            grown += f", memory {memory:.1f} -> {more_memory:.1f} MB"
            print(f"{case.name:<16} {grown}", file=out, flush=True)


def left() -> tuple[int, float]:
    """Statements that are kept, by SQLAlchemy and by us, and megabytes."""
    gc.collect()
    theirs = getattr(engine(), "_compiled_cache", None) or ()
    ours = sum(kept.cache_info().currsize for kept in statements._remembering)  # noqa: SLF001
    return len(theirs) + ours, psutil.Process().memory_info().rss / 1e6


def main() -> None:
    os.environ |= {"AWS_LAMBDA_FUNCTION_NAME": "system", "NEXUS_LOG_LEVEL": "INFO"}
    with (
        tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder,
        Postgres(Path(folder), durable=False) as server,
        Path(os.devnull).open("w") as nowhere,
    ):
        database = new_database(server, "nexus")
        out = sys.stdout
        with redirect_stdout(nowhere):
            token = prepare(database)
            tabulate(database, server.port, "directly", token, out)
            with far_away(server.port) as port:
                tabulate(database, port, "1 ms away", token, out)
            growth(database, token, out)


def prepare(database: Database) -> str:
    from system.app import handler
    from tests.support.database import Session

    with kernel(**database.variables(database.app_url)):
        token, tenant = sign_in(handler, database)
    with Session(database.superuser_url) as sql:
        sql.run(FILL.format(tenant=tenant, groups=GROUPS))
        sql.run("ANALYZE groups")
    return token


if __name__ == "__main__":
    main()
