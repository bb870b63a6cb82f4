"""What is attacked: the API on PostgreSQL and behind PgBouncer, with a wire at each joint."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from local.pooler import Pooler
from local.postgres import Postgres
from local.settings import APP_ROLE
from tests.attack.cutting import CuttingWire
from tests.support.database import Session
from tests.support.stack import Database, Server, new_database, server

DIRECT, POOLED = "direct", "pooled"
WORKERS, POOL = 3, 2
LEFT_OPEN = """
    SELECT count(*) FROM pg_stat_activity
    WHERE usename = 'nexus_app' AND state LIKE 'idle in transaction%'
"""
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'nexus_app'"


@dataclass(frozen=True)
class Target:
    """`servers` and `to_servers` are by the way that a request takes to the database."""

    postgres: Postgres
    pooler: Pooler
    database: Database
    to_postgres: CuttingWire
    to_pooler: CuttingWire
    servers: dict[str, Server]
    to_servers: dict[str, CuttingWire]

    @property
    def addresses(self) -> dict[str, str]:
        return {way: f"http://127.0.0.1:{wire.port}" for way, wire in self.to_servers.items()}

    def sql(self) -> Session:
        """A superuser's, past all wires."""
        return Session(self.postgres.url())

    def start_postgres(self) -> None:
        """After it was stopped or has died; maybe on another port."""
        self.postgres.stop()
        self.postgres.start()
        self.to_postgres.lead_to(self.postgres.port)

    def start_pooler(self) -> None:
        self.pooler.stop()
        self.pooler.start()
        self.to_pooler.lead_to(self.pooler.port)


@contextmanager
def target(folder: Path) -> Iterator[Target]:
    """What it keeps is durable: acknowledged is acknowledged."""
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres(folder))
        database = new_database(postgres, "nexus")
        to_postgres = stack.enter_context(CuttingWire(postgres.port))
        direct = make_url(database.app_url).set(port=to_postgres.port)
        through_wire = direct.render_as_string(hide_password=False)
        roles = {APP_ROLE: database.app_password}
        pooler = stack.enter_context(Pooler(through_wire, roles, default_pool_size=POOL))
        to_pooler = stack.enter_context(CuttingWire(pooler.port))
        pooled = direct.set(port=to_pooler.port)
        servers = {
            way: stack.enter_context(
                server(
                    database,
                    WORKERS,
                    stack.enter_context((folder / f"{way}.log").open("w")),
                    NEXUS_DATABASE_URL=url.render_as_string(hide_password=False),
                )
            )
            for way, url in ((DIRECT, direct), (POOLED, pooled))
        }
        to_servers = {
            way: stack.enter_context(CuttingWire(int(running.address.rpartition(":")[2])))
            for way, running in servers.items()
        }
        yield Target(postgres, pooler, database, to_postgres, to_pooler, servers, to_servers)
