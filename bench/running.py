"""A running API on a database of its own, for what is measured over HTTP or inside the server."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from local.postgres import Postgres
from tests.support.api import Api, connect
from tests.support.database import Session
from tests.support.people import Tenant, World
from tests.support.stack import new_database, serving


@dataclass(frozen=True)
class Bench:
    """A tenant behind one worker; `sql` is a superuser, `app` is as the API comes."""

    tenant: Tenant
    sql: Session
    app: Session

    def enter(self) -> None:
        """The context that the kernel sets, for the rest of a transaction of `app`."""
        for name, value in (("tenant_id", self.tenant.id), ("user_id", "nobody")):
            self.app.run("SELECT set_config(:n, :v, true)", n=f"nexus.{name}", v=value)


@contextmanager
def running() -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder,
        Postgres(Path(folder), durable=False) as server,
    ):
        database = new_database(server, "nexus")
        with (
            serving(database, 1, program="local.server") as address,
            connect(address) as http,
            Session(database.superuser_url) as sql,
            Session(database.app_url) as app,
        ):
            tenant = World(address, http, Api(http)).new_tenant()
            yield Bench(tenant, sql, app)


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    """The median of some runs after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def told(what: str, figure: float, unit: str = "ms") -> None:
    print(f"{what:<64}{figure:>10.1f} {unit}", flush=True)
