"""The faults at random under load for some minutes: `make soak MINUTES=10`, with the SEED of a run
to have the same faults again."""

import os
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from tests.attack.faults import FAULTS
from tests.attack.load import Load, under_load
from tests.attack.target import CONNECTIONS, LEFT_OPEN, Target, target
from tests.support.api import Api, connect
from tests.support.people import Tenant, World
from tests.support.races import eventually

WARM_UP = 20  # times that everybody has to get further before anything is measured
GROWTH = 1.5  # of what a process has to itself; what it learns, it has learnt in the warm-up


@dataclass(frozen=True)
class Gauge:
    """Megabytes of the largest worker and of PostgreSQL's largest backend, and the API's
    connections."""

    worker: float
    backend: float
    connections: int

    @classmethod
    def of(cls, attacked: Target) -> Self:
        """When nothing is asked any more."""
        with attacked.sql() as sql:
            eventually(lambda: sql.value(LEFT_OPEN) == 0)
            connections = sql.value(CONNECTIONS)
        workers = [worker for server in attacked.servers.values() for worker in server.workers()]
        backends = psutil.Process(attacked.postgres.pid).children()
        return cls(largest(workers), largest(backends), connections)

    def faults_since(self, before: Self) -> list[str]:
        grown = [
            f"the {name} grew from {was:.0f} to {now:.0f} MB"
            for name, was, now in (
                ("largest worker", before.worker, self.worker),
                ("largest backend", before.backend, self.backend),
            )
            if now > was * GROWTH
        ]
        if self.connections > before.connections:
            grown.append(f"connections went from {before.connections} to {self.connections}")
        return grown


def largest(processes: list[psutil.Process]) -> float:
    return max(process.memory_full_info().uss for process in processes) / 2**20


def main() -> None:
    minutes = float(os.environ.get("MINUTES") or 3)
    seed = os.environ.get("SEED") or secrets.token_hex(4)
    print(f"{minutes:g} minutes, SEED={seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="nexus-soak-") as folder, target(Path(folder)) as found:
        address = next(iter(found.servers.values())).address
        with connect(address) as http:
            tenant = World(address, http, Api(http)).new_tenant()
            faults = soak(found, tenant, random.Random(seed), minutes)
    if faults:
        sys.exit("\n".join([f"SEED={seed}: {len(faults)} faults", *faults[:20]]))


def soak(attacked: Target, tenant: Tenant, chance: random.Random, minutes: float) -> list[str]:
    """What is wrong afterwards."""
    with under_load(tenant.member, attacked.addresses) as load:
        for _ in range(WARM_UP):
            load.goes_on()
    before = Gauge.of(attacked)
    struck: Counter[str] = Counter()
    end = time.monotonic() + minutes * 60
    with under_load(tenant.member, attacked.addresses) as load:
        while time.monotonic() < end:
            name = chance.choice(list(FAULTS))
            struck[name] += 1
            FAULTS[name](attacked, load)
            load.goes_on()
    differing = load.ledger.compared(tenant.admin)
    after = Gauge.of(attacked)
    tell(struck, load, differing, before, after)
    return [*load.wrong, *differing, *after.faults_since(before)]


def tell(
    struck: Counter[str], load: Load, differing: list[str], before: Gauge, after: Gauge
) -> None:
    acknowledged = sum(bool(e.made) + bool(e.changed) for e in load.ledger.entries)
    figures = {
        "faults": struck.total(),
        "requests": load.answers.total(),
        **{f"answers {status}": times for status, times in sorted(load.answers.items())},
        "acknowledged writes": acknowledged,
        **dict.fromkeys(("lost", "doubled", "changed otherwise", "made up"), 0),
        **Counter(told.partition(": ")[0] for told in differing),
        "largest worker, MB": f"{before.worker:.0f} to {after.worker:.0f}",
        "largest PostgreSQL backend, MB": f"{before.backend:.0f} to {after.backend:.0f}",
        "connections": f"{before.connections} to {after.connections}",
    }
    for name, times in sorted(struck.items()):
        print(f"  {times:>4} x {name}")
    for name, figure in figures.items():
        print(f"{name:<32}{figure!s:>14}", flush=True)


if __name__ == "__main__":
    main()
