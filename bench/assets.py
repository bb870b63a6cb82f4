"""Each filter and sort of assets, of their custody and repairs against a read by id, in a tenant of
a million among three: `python -m bench.assets [assets of a tenant] [names]`. What is over 20 times
a read is marked. With names, only what has one of them in its name is measured.

A million were filled in within 33 minutes (the rows 10, their indexes 22), in 20 GB, on two busy
cores. docs/decisions/0022 tells what is slower."""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.asset_cases import Assets, filters, sorts
from bench.asset_data import script
from bench.filling import Filling, prepare
from bench.search import superuser
from bench.timing import Clock, calling, measure
from local.postgres import Postgres
from tests.support.stack import Database, new_database

ASSETS = 1_000_000


async def bench(database: Database, filling: Filling, names: list[str]) -> None:
    async with calling(database, "assets", filling.tenants[0]) as client:
        with superuser(database) as connection:
            known = Assets(connection, filling)
            clock = Clock(client, f"/assets/{known.at('assets', 0.7)}")
            made = filters(known) | sorts(known)
        await measure(clock, made, names)


async def run(database: Database, assets: int, names: list[str]) -> None:
    await bench(database, await prepare(database, assets, script(assets)), names)


def main() -> None:
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else ASSETS
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        asyncio.run(run(new_database(postgres, "nexus"), assets, sys.argv[2:]))


if __name__ == "__main__":
    main()
