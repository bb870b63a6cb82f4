"""Lists of a large tenant, each beside a read by id, through a module in this process."""

import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from math import inf
from statistics import median
from typing import Any

import httpx

from tests.support.stack import Database

ROUNDS, ALLOWED = 7, 20.0
FEW, SLOW = 3, 500  # rounds of what is well below; milliseconds, of which one round is enough


@asynccontextmanager
async def calling(
    database: Database, module: str, tenant: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a module in this process, as the root administrator."""
    os.environ |= database.variables(database.app_url) | {"NEXUS_LOG_LEVEL": "ERROR"}
    async with connected("system") as client:
        form = {"username": database.admin_email, "password": database.admin_password}
        token = (await client.post("/me/signin", data=form)).json()["access_token"]
    async with connected(module) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        client.headers.update({"X-Tenant-Id": tenant} if tenant else {})
        yield client


def connected(module: str) -> httpx.AsyncClient:
    app: Any = import_module(f"{module}.app").app
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
            try:
                taken.append(await self.milliseconds(path))
            except httpx.HTTPStatusError as failure:
                print(failure.response.text)
                return Result(name, inf, inf, 0)
            is_clear = n >= FEW and median(taken) < ALLOWED / 3 * median(base)
            if n and (taken[-1] > SLOW or is_clear):
                break
        body = (await self.client.get(path)).json()
        found = len(body["items"]) if "items" in body else 1
        took = median(taken[1:])
        return Result(name, took, took / median(base[1:]), found)

    async def milliseconds(self, path: str) -> float:
        began = time.perf_counter()
        response = await self.client.get(path)
        took = (time.perf_counter() - began) * 1000
        response.raise_for_status()
        return took


async def measure(clock: Clock, paths: Mapping[str, str], names: Sequence[str]) -> None:
    """Of the paths by name those whose name has one of some parts, or all."""
    results = []
    for name, path in {"read by id": clock.path, **paths}.items():
        if not names or any(part in name for part in names):
            results.append(await clock.measured(name, path))
            print(results[-1].told, flush=True)
    over = [one for one in results if one.times > ALLOWED and "count" not in one.name]
    print(f"\n{len(over)} of {len(results)} over {ALLOWED:.0f} times a read by id")
    for one in sorted(over, key=lambda one: -one.times):
        print(one.told)
