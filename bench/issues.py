"""Each filter and sort of issues against a read by id, in a tenant of a million among three:
`python -m bench.issues [issues of a tenant] [names]`. What is over 20 times a read is marked.

A million were filled in within 38 minutes (the rows 20, their indexes 17), in 16 GB, on two busy
cores. With names, only what has one of them in its name is measured. docs/decisions/0022 tells what
is slower."""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.filling import Filling, prepare
from bench.issue_cases import Issues, filters, others, sorts
from bench.issue_data import SCRIPT
from bench.search import superuser
from bench.timing import Clock, calling, measure
from local.postgres import Postgres
from tests.support.stack import Database, new_database

ISSUES = 1_000_000


async def bench(database: Database, filling: Filling, names: list[str]) -> None:
    async with calling(database, "projects", filling.tenants[0]) as client:
        with superuser(database) as connection:
            known = Issues(connection, filling)
            clock = Clock(client, f"/issues/{known.at('issues', 0.7)}")
            made = others(known) | filters(known) | sorts(known)
        await measure(clock, made, names)


async def run(database: Database, issues: int, names: list[str]) -> None:
    await bench(database, await prepare(database, issues, SCRIPT), names)


def main() -> None:
    issues = int(sys.argv[1]) if len(sys.argv) > 1 else ISSUES
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        asyncio.run(run(new_database(postgres, "nexus"), issues, sys.argv[2:]))


if __name__ == "__main__":
    main()
