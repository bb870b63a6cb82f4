"""Each filter and sort of issues against a read by id, in a tenant of a million among three:
`python -m bench.issues [issues of a tenant] [names]`. What is over 20 times a read is marked.

300,000 were filled in within 15 minutes, in 5 GB, on two busy cores; a million was not tried. With
names, only what has one of them in its name is measured."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bench.issue_cases import Known, filters, others, sorts
from bench.issue_data import TENANTS, Filling, fill, settle
from bench.search import superuser
from local.postgres import Postgres
from tests.support.stack import Database, new_database

ISSUES, ROUNDS, ALLOWED = 1_000_000, 7, 20.0
SLOW = 500  # milliseconds, of which one round is enough


async def prepare(database: Database, issues: int) -> Filling:
    """Tenants of the root administrator, filled."""
    async with calling(database, "system") as client:
        answers = [
            await client.post("/tenants", json={"name": f"Large {n}"}) for n in range(TENANTS)
        ]
    filling = Filling(
        [answer.raise_for_status().json()["id"] for answer in answers],
        issues,
        int(time.time() * 1000) - 3 * 365 * 86_400_000,
    )
    with superuser(database) as connection:
        fill(connection, filling)
        settle(connection)
    return filling


@asynccontextmanager
async def calling(
    database: Database, module: str, tenant: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a module in this process, as the root administrator."""
    os.environ |= database.variables(database.app_url) | {"NEXUS_LOG_LEVEL": "ERROR"}
    from projects.app import app as projects
    from system.app import app as system

    apps = {"system": system, "projects": projects}
    async with connected(system) as client:
        form = {"username": database.admin_email, "password": database.admin_password}
        token = (await client.post("/me/signin", data=form)).json()["access_token"]
    async with connected(apps[module]) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        client.headers.update({"X-Tenant-Id": tenant} if tenant else {})
        yield client


def connected(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bench")


@dataclass(frozen=True)
class Result:
    name: str
    took: float
    times: float
    found: int

    @property
    def told(self) -> str:
        mark = "" if self.times <= ALLOWED else "  OVER"
        return f"{self.name:44} {self.took:9.1f} ms {self.times:7.1f} x {self.found:4}{mark}"


class Clock:
    """Each call beside a read by id, for the machine has others to work for as well."""

    def __init__(self, client: httpx.AsyncClient, path: str) -> None:
        self.client = client
        self.path = path

    async def measured(self, name: str, path: str) -> Result:
        base, taken = [], []
        for n in range(ROUNDS + 1):
            base.append(await self.milliseconds(self.path))
            taken.append(await self.milliseconds(path))
            if taken[-1] > SLOW and n:
                break
        body = (await self.client.get(path)).json()
        found = len(body["items"]) if "items" in body else 1
        took = median(taken[1:])
        return Result(name, took, took / median(base[1:]), found)

    async def milliseconds(self, path: str) -> float:
        began = time.perf_counter()
        response = await self.client.get(path)
        took = (time.perf_counter() - began) * 1000
        assert response.is_success, (path, response.text)
        return took


async def bench(database: Database, filling: Filling, names: list[str]) -> None:
    results = []
    async with calling(database, "projects", filling.tenants[0]) as client:
        with superuser(database) as connection:
            known = Known(connection, filling)
            clock = Clock(client, f"/issues/{known.issue(0.7)}")
            made = others(known) | filters(known) | sorts(known)
            connection.rollback()
        for name, path in {"read by id": clock.path, **made}.items():
            if not names or any(part in name for part in names):
                results.append(await clock.measured(name, path))
                print(results[-1].told, flush=True)
    over = [one for one in results if one.times > ALLOWED and "count" not in one.name]
    print(f"\n{len(over)} of {len(results)} over {ALLOWED:.0f} times a read by id")
    for one in sorted(over, key=lambda one: -one.times):
        print(one.told)


async def run(database: Database, issues: int, names: list[str]) -> None:
    await bench(database, await prepare(database, issues), names)


def main() -> None:
    issues = int(sys.argv[1]) if len(sys.argv) > 1 else ISSUES
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        asyncio.run(run(new_database(postgres, "nexus"), issues, sys.argv[2:]))


if __name__ == "__main__":
    main()
