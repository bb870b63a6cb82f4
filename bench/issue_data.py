"""Three tenants with as many issues each, made in bulk: what `bench.issues` measures."""

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

TENANTS, USERS, PROJECTS, EVENTS, YEARS = 3, 2_000, 30, 500, 3
SCRIPT = Path(__file__).with_suffix(".sql")
FILLED = "'issues', 'issue_values', 'issue_keys', 'watchers', 'links'"
# A constraint's index stays; what ALTER INDEX set is set again.
INDEXES = f"""
    SELECT i.relname AS name, pg_get_indexdef(i.oid) AS definition, a.attstattarget AS target
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_attribute a ON a.attrelid = i.oid AND a.attnum = 1
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname IN ({FILLED})
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid)
"""
SIZES = """
    SELECT relname, pg_relation_size(oid) / 1000000 AS megabytes FROM pg_class
    WHERE pg_relation_size(oid) > 50000000 ORDER BY 2 DESC LIMIT 12
"""
ANALYZED = (
    f"{FILLED}, 'issue_fields', 'issue_types', 'projects', 'users', 'tenant_users',"
    " 'audit_events', 'audit_subjects'"
)


@dataclass(frozen=True)
class Filling:
    """Where it began, and what the ids of the first tenant's records are made of."""

    tenants: list[str]
    issues: int
    base: int


def fill(connection: Connection, filling: Filling) -> None:
    """As the owner, without triggers; the indexes are made afterwards, which is faster."""
    began = time.perf_counter()
    told = {
        "tenants": ",".join(filling.tenants),
        "owners": TENANTS,
        "issues": filling.issues,
        "base": filling.base,
        "step": YEARS * 365 * 86_400_000 // (TENANTS * filling.issues),
        "users": USERS,
        "projects": PROJECTS,
        "events": EVENTS,
    }
    with connection.begin():
        for setting in (
            "session_replication_role = replica",
            "work_mem = '512MB'",
            "maintenance_work_mem = '1GB'",
        ):
            connection.exec_driver_sql(f"SET LOCAL {setting}")
        indexes = connection.execute(text(INDEXES)).all()
        for index in indexes:
            connection.exec_driver_sql(f"DROP INDEX {index.name}")
        connection.exec_driver_sql(SCRIPT.read_text().format(**told))
        filled = time.perf_counter()
        for index in indexes:
            connection.exec_driver_sql(index.definition)
            if index.target is not None:
                connection.exec_driver_sql(
                    f"ALTER INDEX {index.name} ALTER COLUMN 1 SET STATISTICS {index.target}"
                )
    took = filled - began, time.perf_counter() - filled
    print(f"{TENANTS} x {filling.issues:,} issues: {took[0]:.0f} s, indexes {took[1]:.0f} s")


def settle(connection: Connection) -> None:
    names = ANALYZED.replace("'", "")
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text(f"VACUUM ANALYZE {names}"))
    print(", ".join(f"{row[0]} {row[1]} MB" for row in connection.execute(text(SIZES))))
