"""Each list of enrollments, by its filters, days and sorts, against a read by id, in a tenant of
200,000 persons with two million enrollments among three: `python -m bench.enrollments [persons of a
tenant] [names]`. What is over 20 times a read is marked. With names, only what has one of them in
its name is measured.

They were filled in within 22 minutes (the rows 8, their indexes 14), in 16 GB, on two busy
cores. docs/decisions/0022 tells what is slower."""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.enrollment_cases import Enrollments, filters, rosters, sorts
from bench.enrollment_data import script
from bench.filling import Filling, prepare
from bench.search import superuser
from bench.timing import Clock, calling, measure
from local.postgres import Postgres
from tests.support.stack import Database, new_database

PERSONS = 200_000


async def bench(database: Database, filling: Filling, names: list[str]) -> None:
    async with calling(database, "education", filling.tenants[0]) as client:
        with superuser(database) as connection:
            known = Enrollments(connection, filling)
            clock = Clock(client, f"/school-enrollments/{known.at('school_enrollments', 0.7)}")
            made = rosters(known) | filters(known) | sorts(known)
        await measure(clock, made, names)


async def run(database: Database, persons: int, names: list[str]) -> None:
    await bench(database, await prepare(database, persons, script(persons)), names)


def main() -> None:
    persons = int(sys.argv[1]) if len(sys.argv) > 1 else PERSONS
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        asyncio.run(run(new_database(postgres, "nexus"), persons, sys.argv[2:]))


if __name__ == "__main__":
    main()
