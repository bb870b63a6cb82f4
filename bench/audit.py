"""Lists of audit events and histories in a tenant among three, whose events of three years are in
so many partitions: `python -m bench.audit [events of a tenant] [partitions] [names]`. What is over
20 times a read is marked."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Connection, text

from bench.search import superuser
from bench.timing import Clock, calling, measure
from local.postgres import Postgres
from tests.support.stack import Database, new_database

EVENTS, PARTITIONS, DAYS = 300_000, 12, 1095
HERE = Path(__file__).parent
HUB, ACTOR = "00HUB".ljust(26, "0"), "A".rjust(26, "0")
MET = """
    SELECT record_id, occurred_at FROM audit_events
    WHERE tenant_id = :tenant AND id >= nexus.least_ulid(now() - make_interval(days => :ago))
    AND record_id <> :hub AND action = 'update' ORDER BY id LIMIT 1
"""


def fill(connection: Connection, told: dict[str, Any]) -> None:
    with connection.begin():
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        if told["partitions"] > 1:
            split = (HERE / "audit_partitions.sql").read_text()
            connection.exec_driver_sql(split.format(**told))
        connection.exec_driver_sql((HERE / "audit_data.sql").read_text().format(**told))
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.exec_driver_sql("VACUUM ANALYZE audit_events, audit_subjects")


async def made(client: httpx.AsyncClient, path: str, **body: Any) -> str:
    answer = await client.post(path, json=body)
    return str(answer.raise_for_status().json()["id"])


async def bench(database: Database, events: int, partitions: int, names: list[str]) -> None:
    async with calling(database, "system") as client:
        tenants = [await made(client, "/tenants", name=f"Logged {n}") for n in range(3)]
    async with calling(database, "projects", tenants[0]) as client:
        issue = await made(client, "/issues", title="Old", issue_type="incident")
    told = {"events": events, "partitions": partitions, "days": DAYS, "issue": issue}
    with superuser(database) as connection:
        fill(connection, {**told, "tenants": ",".join(tenants)})
        met = {
            ago: connection.execute(text(MET), {"tenant": tenants[0], "ago": ago, "hub": HUB}).one()
            for ago in (1090, 500, 20)
        }
    async with calling(database, "system", tenants[0]) as client:
        newest = (await client.get("/audit-events?sort=-id&limit=200")).json()
        paths = {
            "oldest": "",
            "newest": "sort=-id",
            "newest, next page": f"sort=-id&cursor={newest['next']}",
            "of a day": f"occurred_at={met[500].occurred_at:%Y-%m-%d}",
            "hub": f"record_id={HUB}&sort=-id",
            "hub, oldest": f"record_id={HUB}",
            "actor": f"actor_id={ACTOR}&sort=-id",
            "resource, action": "resource=persons&action=insert&sort=-id",
            "count": "count=true&limit=1",
        }
        for ago, (record, at) in met.items():
            paths[f"up to {ago} days ago"] = f"sort=-id&occurred_at__lt={at:%Y-%m-%d}"
            paths[f"record of {ago} days ago"] = f"record_id={record}&sort=-id"
        asked = {name: f"/audit-events?{query}" for name, query in paths.items()}
        one = newest["items"][0]["id"]
        await measure(Clock(client, f"/audit-events/{one}"), asked, names)
    async with calling(database, "projects", tenants[0]) as client:
        at_issue = f"/issues/{issue}"
        lists = ("history", "history?sort=id", "activity", "activity?limit=200")
        await measure(Clock(client, at_issue), {one: f"{at_issue}/{one}" for one in lists}, names)


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    partitions = int(sys.argv[2]) if len(sys.argv) > 2 else PARTITIONS
    with tempfile.TemporaryDirectory() as folder, Postgres(Path(folder), durable=False) as postgres:
        asyncio.run(bench(new_database(postgres, "nexus"), events, partitions, sys.argv[3:]))


if __name__ == "__main__":
    main()
