"""Reads and lists of a large tenant through the app, as ratios: `python -m bench.lists`."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median

import httpx
from sqlalchemy import create_engine, text

from local.postgres import Postgres
from tests.support.stack import Database, new_database

GROUPS, OTHER_TENANTS, ROUNDS, DEEP = 200_000, 20, 25, 190_000

FILL = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO tenants (id, name, slug)
        SELECT lpad('T' || n, 26, '0'), 'tenant ' || n, 'tenant-' || n
        FROM generate_series(1, {tenants}) n;
    INSERT INTO groups (id, tenant_id, name, description)
        SELECT lpad(n::text, 26, '0'), nexus.root_tenant_id(), 'group ' || md5(n::text), 'Zoë'
        FROM generate_series(1, {groups}) n;
    INSERT INTO groups (id, tenant_id, name)
        SELECT lpad('X' || n, 26, '0'), lpad('T' || n % {tenants} + 1, 26, '0'),
               'group ' || md5('x' || n)
        FROM generate_series(1, {groups}) n;
"""


def fill(database: Database) -> None:
    """Groups of the root tenant among as many of others."""
    url = database.superuser_url.replace("postgresql://", "postgresql+pg8000://")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(FILL.format(groups=GROUPS, tenants=OTHER_TENANTS))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE groups"))
    engine.dispose()


async def measured(get: Callable[[], Awaitable[httpx.Response]]) -> float:
    """The median of some rounds in milliseconds, after two that warm up."""
    times = []
    for _ in range(ROUNDS + 2):
        began = time.perf_counter()
        response = await get()
        times.append((time.perf_counter() - began) * 1000)
        response.raise_for_status()
    return median(times[2:])


async def bench(client: httpx.AsyncClient) -> None:
    deep_id = f"{DEEP:026d}"
    paths = {
        "read by id": f"/groups/{deep_id}",
        "page 1": "/groups?limit=50",
        "a page 190,000 records on": f"/groups?limit=50&id__gt={deep_id}",
        "page 1 by name": "/groups?limit=50&sort=name",
        "search, rare": "/groups?q=abc12",
        "search, every record": "/groups?q=zoe",
    }
    base = 0.0
    for name, path in paths.items():
        took = await measured(partial(client.get, path))
        base = base or took
        print(f"{name:28} {took:7.2f} ms {took / base:6.1f} x a read by id")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        database = new_database(postgres, "bench")
        fill(database)
        os.environ |= database.variables(database.app_url) | {"NEXUS_LOG_LEVEL": "ERROR"}
        asyncio.run(run(database))


async def run(database: Database) -> None:
    from system.app import app

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        form = {"username": database.admin_email, "password": database.admin_password}
        signed_in = await client.post("/me/signin", data=form)
        client.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
        await bench(client)


if __name__ == "__main__":
    main()
