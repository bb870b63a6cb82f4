"""Searching a million identities against a read by id: `python -m bench.search`."""

import asyncio
import os
import tempfile
import time
from functools import partial
from pathlib import Path

import httpx
from sqlalchemy import Connection, create_engine, text

from bench.lists import measured
from local.postgres import Postgres
from tests.support.stack import Database, new_database

IDENTITIES = 1_000_000
FIRST = (
    "Zoë,Anna,Ben,Clara,David,Elif,Fatima,Georg,Hanna,Ivan,José,Kofi,Łucja,Mária,Noah,Olga,Paweł,"
    "Quinn,Rosa,Søren,Tomás,Ulla,Viktor,Wei,Ximena,Yusuf,Aino,Björk,Chloé,Dmitri,Emeka,Frida"
)
SYLLABLES = "ba,che,dor,el,fi,gul,hem,ig,jor,ka,lund,mo,nak,os,pra,quel,ri,stein,tu,vich"
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE indexname ~ '_(search|grams)$'"
# 32 first names and 8,000 last names of three syllables, in no order, and one that is alone.
FILL = """
    SET LOCAL session_replication_role = replica;
    CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT lpad('1' || lpad(n::text, 12, '0'), 26, '0') AS person_id,
           lpad('2' || lpad(n::text, 12, '0'), 26, '0') AS id,
           first[1 + (hashint4(n) & 31)] AS first_name,
           initcap(part[1 + (hashint4(n + 7) & 1023) % 20]
                   || part[1 + (hashint4(n * 3) & 1023) % 20]
                   || part[1 + (hashint4(n * 5 + 1) & 1023) % 20]) AS last_name
    FROM generate_series(1, {identities}) n,
         string_to_array('{first}', ',') first, string_to_array('{syllables}', ',') part;
    UPDATE made SET first_name = 'Zoë', last_name = 'Wrzeszczyński-Öztürk'
        WHERE id = (SELECT max(id) FROM made);
    INSERT INTO persons (id, tenant_id, current_identity_id, names)
        SELECT person_id, nexus.root_tenant_id(), id, first_name || ' ' || last_name FROM made;
    INSERT INTO identities (id, tenant_id, person_id, first_name, last_name)
        SELECT id, nexus.root_tenant_id(), person_id, first_name, last_name FROM made;
"""
SOUGHT = {
    "one person": "ozturk",
    "one person, by two words": "oe wrzeszcz",
    "one last name": "steinlundvich",
    "one name in full": "anna lundkavich",
    "two syllables": "lundka",
    "one first name in 32": "zoe",
    "one syllable in 20": "lund",
    "nobody": "qqxzzy",
    "two letters": "zo",
    "two rare letters": "wr",
    "two letters nobody has": "qq",
    "a syllable and two letters": "lund wr",
    "a rare letter": "w",
}


def fill(connection: Connection) -> None:
    """The search indexes are made afterwards, which is faster."""
    indexes = connection.execute(text(INDEXES)).all()
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.indexname}")
    filling = FILL.format(identities=IDENTITIES, first=FIRST, syllables=SYLLABLES)
    connection.exec_driver_sql(filling)
    connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
    for index in indexes:
        connection.exec_driver_sql(index.indexdef)


def prepare(database: Database) -> None:
    began = time.perf_counter()
    engine = create_engine(database.superuser_url.replace("postgresql://", "postgresql+pg8000://"))
    with engine.begin() as connection:
        fill(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE persons, identities"))
    engine.dispose()
    print(
        f"{IDENTITIES:,} persons with an identity each, made in {time.perf_counter() - began:.0f} s"
    )


async def bench(client: httpx.AsyncClient) -> None:
    for path, prefix in (("/persons", "1"), ("/identities", "2")):
        record_id = f"{prefix}{IDENTITIES // 2:012d}".rjust(26, "0")
        base = await measured(partial(client.get, f"{path}/{record_id}"))
        print(f"{path[1:]}\n  {'read by id':44} {base:7.2f} ms")
        for name, words in SOUGHT.items():
            query = {"q": words, "limit": "50"}
            took = await measured(partial(client.get, path, params=query))
            found = (await client.get(path, params={"q": words, "count": "true"})).json()["total"]
            told = f"{name} ({words}: {found:,})"
            print(f"  {told:44} {took:7.2f} ms {took / base:6.1f} x")


async def run(database: Database) -> None:
    from census.app import app
    from system.app import app as system

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(system), base_url="http://bench"
    ) as client:
        form = {"username": database.admin_email, "password": database.admin_password}
        token = (await client.post("/me/signin", data=form)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://bench", headers=headers
    ) as client:
        await bench(client)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        database = new_database(postgres, "bench")
        prepare(database)
        os.environ |= database.variables(database.app_url) | {"NEXUS_LOG_LEVEL": "ERROR"}
        asyncio.run(run(database))


if __name__ == "__main__":
    main()
