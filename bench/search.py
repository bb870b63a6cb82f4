"""Searching a million identities against a read by id, and 10,000 persons among millions of other
tenants' against 10,000 alone: `python -m bench.search [tenants]` (1,000 of them take half an hour
and 12 GB, so it is 100)."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import Connection, create_engine, text

from bench.lists import measured
from bench.timing import calling
from local.postgres import Postgres
from tests.support.stack import Database, new_database

IDENTITIES, NEIGHBOURS, PERSONS = 1_000_000, 100, 10_000
FIRST = (
    "Zoë,Anna,Ben,Clara,David,Elif,Fatima,Georg,Hanna,Ivan,José,Kofi,Łucja,Mária,Noah,Olga,Paweł,"
    "Quinn,Rosa,Søren,Tomás,Ulla,Viktor,Wei,Ximena,Yusuf,Aino,Björk,Chloé,Dmitri,Emeka,Frida"
)
SYLLABLES = "ba,che,dor,el,fi,gul,hem,ig,jor,ka,lund,mo,nak,os,pra,quel,ri,stein,tu,vich"
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE indexname ~ '_search$'"
SIZES = """
    SELECT relname, pg_relation_size(oid) / 1000000 AS megabytes FROM pg_class
    WHERE relname ~ '^(ix_)?(persons|identities)(_search)?$' AND relkind <> 'v' ORDER BY relname
"""
# 32 first names and 8,000 last names of three syllables, in no order.
MADE = """
    SET LOCAL session_replication_role = replica;
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT lpad('1' || lpad(n::text, 12, '0'), 26, '0') AS person_id,
           lpad('2' || lpad(n::text, 12, '0'), 26, '0') AS id,
           {tenant} AS tenant_id,
           first[1 + (hashint4(n) & 31)] AS first_name,
           initcap(part[1 + (hashint4(n + 7) & 1023) % 20]
                   || part[1 + (hashint4(n * 3) & 1023) % 20]
                   || part[1 + (hashint4(n * 5 + 1) & 1023) % 20]) AS last_name
    FROM generate_series({start}, {end}) n,
         string_to_array('{first}', ',') first, string_to_array('{syllables}', ',') part;
"""
# One that is alone.
ALONE = """
    UPDATE made SET first_name = 'Zoë', last_name = 'Wrzeszczyński-Öztürk'
        WHERE id = (SELECT max(id) FROM made);
"""
KEPT = """
    INSERT INTO persons (id, tenant_id, current_identity_id, names)
        SELECT person_id, tenant_id, id, first_name || ' ' || last_name FROM made;
    INSERT INTO identities (id, tenant_id, person_id, first_name, last_name)
        SELECT id, tenant_id, person_id, first_name, last_name FROM made;
"""
ROOT = "nexus.root_tenant_id()"
INSERTED = """
    DO $$ BEGIN FOR n IN 1..2000 LOOP
        INSERT INTO identities (id, tenant_id, person_id, first_name, last_name)
        VALUES (nexus.ulid(), nexus.root_tenant_id(), nexus.ulid(), 'Zoë', 'Lundkavich');
    END LOOP; END $$
"""
SOUGHT = {
    "one person": "ozturk",
    "one person, by two words": "oe wrzeszcz",
    "one last name": "steinlundvich",
    "one name in full": "anna lundkavich",
    "two syllables": "lundka",
    "one first name in 32": "zoe",
    "one longer first name in 32": "maria",
    "one syllable in 20": "lund",
    "nobody": "qqxzzy",
    "two letters": "zo",
    "two rare letters": "wr",
    "two letters nobody has": "qq",
    "a syllable and two letters": "lund wr",
    "a rare letter": "w",
}


@contextmanager
def superuser(database: Database) -> Iterator[Connection]:
    url = database.superuser_url.replace("postgresql://", "postgresql+pg8000://")
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def fill(connection: Connection, tenant: str, start: int, end: int, *, alone: bool) -> None:
    """The search indexes are made afterwards, which is faster."""
    began = time.perf_counter()
    indexes = connection.execute(text(INDEXES)).all()
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.indexname}")
    made = {"tenant": tenant, "start": start, "end": end, "first": FIRST, "syllables": SYLLABLES}
    connection.exec_driver_sql(MADE.format(**made) + (ALONE if alone else "") + KEPT)
    filled = time.perf_counter()
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    for index in indexes:
        connection.exec_driver_sql(index.indexdef)
    took = filled - began, time.perf_counter() - filled
    print(
        f"{end - start + 1:,} persons with an identity each: {took[0]:.0f} s,"
        f" their search indexes {took[1]:.0f} s"
    )


def prepare(database: Database, tenant: str, start: int, end: int, *, alone: bool) -> None:
    with superuser(database) as connection:
        with connection.begin():
            fill(connection, tenant, start, end, alone=alone)
        connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(text("VACUUM ANALYZE persons, identities"))
        print(", ".join(f"{row[0]} {row[1]} MB" for row in connection.execute(text(SIZES))))


def insert(database: Database) -> None:
    """Without what a trigger does."""
    with superuser(database) as connection, connection.begin() as transaction:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        began = time.perf_counter()
        connection.exec_driver_sql(INSERTED)
        print(f"an identity inserted in {(time.perf_counter() - began) / 2000 * 1e6:.0f} µs")
        transaction.rollback()


async def searches(client: httpx.AsyncClient, path: str, record_id: str) -> dict[str, float]:
    base = await measured(partial(client.get, f"{path}/{record_id}"))
    print(f"{path[1:]}\n  {'read by id':44} {base:7.2f} ms")
    times = {}
    for name, words in SOUGHT.items():
        query = {"q": words, "limit": "50"}
        took = times[name] = await measured(partial(client.get, path, params=query))
        found = (await client.get(path, params={"q": words, "count": "true"})).json()["total"]
        told = f"{name} ({words}: {found:,})"
        print(f"  {told:44} {took:7.2f} ms {took / base:6.1f} x")
    return times


async def among_a_million(client: httpx.AsyncClient) -> None:
    for path, prefix in (("/persons", "1"), ("/identities", "2")):
        await searches(client, path, f"{prefix}{IDENTITIES // 2:012d}".rjust(26, "0"))


async def among_neighbours(client: httpx.AsyncClient, database: Database, neighbours: int) -> None:
    record_id = f"1{PERSONS // 2:012d}".rjust(26, "0")
    alone = await searches(client, "/persons", record_id)
    tenant = f"lpad('T' || n % {neighbours}, 26, '0')"
    prepare(database, tenant, PERSONS + 1, PERSONS * (neighbours + 1), alone=False)
    among = await searches(client, "/persons", record_id)
    for name, took in among.items():
        print(f"  {name:44} {took / alone[name]:6.2f} x of what it is alone")


@contextmanager
def served(postgres: Postgres, name: str) -> Iterator[Database]:
    database = new_database(postgres, name)
    os.environ |= database.variables(database.app_url) | {"NEXUS_LOG_LEVEL": "ERROR"}
    yield database
    from nexus.db.engine import engine
    from nexus.settings import settings

    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()


async def run(postgres: Postgres, neighbours: int) -> None:
    with served(postgres, "million") as database:
        prepare(database, ROOT, 1, IDENTITIES, alone=True)
        insert(database)
        async with calling(database, "census") as client:
            await among_a_million(client)
    postgres.drop_database("million")
    with served(postgres, "neighbours") as database:
        prepare(database, ROOT, 1, PERSONS, alone=True)
        async with calling(database, "census") as client:
            await among_neighbours(client, database, neighbours)


def main() -> None:
    neighbours = int(sys.argv[1]) if len(sys.argv) > 1 else NEIGHBOURS
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        asyncio.run(run(postgres, neighbours))


if __name__ == "__main__":
    main()
