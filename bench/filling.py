"""Three tenants with as many records each, made in bulk: what `bench.issues`, `bench.assets` and
`bench.enrollments` measure."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bench.search import superuser
from bench.timing import calling
from tests.support.stack import Database

TENANTS, YEARS = 3, 3
COMMON = Path(__file__).with_suffix(".sql")
# A constraint's index stays; what ALTER INDEX set is set again.
INDEXES = """
    SELECT i.relname AS name, pg_get_indexdef(i.oid) AS definition, a.attstattarget AS target
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_attribute a ON a.attrelid = i.oid AND a.attnum = 1
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (:tables)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid)
"""
SIZES = """
    SELECT relname, pg_relation_size(oid) / 1000000 AS megabytes FROM pg_class
    WHERE pg_relation_size(oid) > 50000000 ORDER BY 2 DESC LIMIT 12
"""


@dataclass(frozen=True)
class Script:
    """What fills in: `told` are the numbers that its braces name; the indexes of `tables` are made
    afterwards, which is faster, and `others` have statistics made of them too. It began some
    `years` ago."""

    path: Path
    told: dict[str, Any]
    tables: Sequence[str]
    others: Sequence[str]
    years: int = YEARS


@dataclass(frozen=True)
class Filling:
    """Where it began, and what the ids of the first tenant's records are made of."""

    tenants: list[str]
    records: int  # of each tenant
    base: int


async def prepare(database: Database, records: int, script: Script) -> Filling:
    """Tenants of the root administrator, filled."""
    async with calling(database, "system") as client:
        answers = [
            await client.post("/tenants", json={"name": f"Large {n}"}) for n in range(TENANTS)
        ]
    filling = Filling(
        [answer.raise_for_status().json()["id"] for answer in answers],
        records,
        int(time.time() * 1000) - script.years * 365 * 86_400_000,
    )
    with superuser(database) as connection:
        fill(connection, filling, script)
        settle(connection, script)
    return filling


def fill(connection: Connection, filling: Filling, script: Script) -> None:
    """As the owner, without triggers."""
    began = time.perf_counter()
    told = {
        "tenants": ",".join(filling.tenants),
        "owners": TENANTS,
        "records": filling.records,
        "base": filling.base,
        "step": script.years * 365 * 86_400_000 // (TENANTS * filling.records),
        "days": script.years * 365,
        **script.told,
    }
    with connection.begin():
        for setting in (
            "session_replication_role = replica",
            "work_mem = '512MB'",
            # Of a series it expects a few rows, and would look at all people for each.
            "enable_nestloop = off",
            "maintenance_work_mem = '1GB'",
        ):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
        indexes = connection.execute(text(INDEXES), {"tables": list(script.tables)}).all()
        for index in indexes:
            connection.exec_driver_sql(f"DROP INDEX {index.name}")
        for path in (COMMON, script.path):
            connection.exec_driver_sql(path.read_text().format(**told))
        filled = time.perf_counter()
        for index in indexes:
            connection.exec_driver_sql(index.definition)
            if index.target is not None:
                connection.exec_driver_sql(
                    f"ALTER INDEX {index.name} ALTER COLUMN 1 SET STATISTICS {index.target}"
                )
    took = filled - began, time.perf_counter() - filled
    print(f"{TENANTS} x {filling.records:,}: {took[0]:.0f} s, indexes {took[1]:.0f} s")


def settle(connection: Connection, script: Script) -> None:
    connection.execution_options(isolation_level="AUTOCOMMIT")
    names = ", ".join([*script.tables, *script.others])
    connection.exec_driver_sql(f"VACUUM ANALYZE {names}")
    print(", ".join(f"{row[0]} {row[1]} MB" for row in connection.execute(text(SIZES))))
