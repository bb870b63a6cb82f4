"""The migrated database is the one that the code describes."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Table, Text, create_engine

from migrations.runner import expected_head
from nexus.db import revision
from nexus.records.tables import metadata
from tests.support.database import Session
from tests.support.stack import Database

FUNCTIONS = Path(__file__).parents[2] / "functions"
# Only functions of the database and SQL in words handle these.
WITHOUT_A_TABLE = {
    "alembic_version",
    "audit_exports",
    "audit_subjects",
    "idempotency_keys",
    "issue_counters",
    "job_positions",
    "known_addresses",
    "quotas",
    "revoked_tokens",
    "sign_in_throttles",
}
WRITTEN_BY_TRIGGERS = {"audit_events", "issue_keys", "issue_values", "tenant_users"}
UNINDEXED = """
    SELECT c.relname || '.' || a.attname FROM pg_constraint f
    JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[cardinality(f.conkey)]
    WHERE f.contype = 'f' AND n.nspname = 'public' AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = f.conrelid
        AND a.attnum = ANY ((i.indkey::smallint[])[0:cardinality(f.conkey) - 1]))
"""
UNNAMED = """
    SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    AND contype <> 'n' AND conname !~ '^(pk|uq|fk|ck|ex)_' AND conname !~ '^alembic_version'
"""
OTHER_COLLATION = """
    SELECT table_name || '.' || column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND collation_name IS DISTINCT
    FROM 'C' AND (column_name = 'id' OR column_name LIKE '%\\_id')
    AND column_name NOT IN ('request_id', 'external_id')
    AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
"""
INDEXES = """
    SELECT array_agg(a.attname ORDER BY k.place) AS columns, i.indisunique AS is_unique
    FROM pg_index i
    CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = CAST(:name AS regclass) AND i.indpred IS NULL AND k.place <= i.indnkeyatts
    GROUP BY i.indexrelid, i.indisunique
"""
UNWATCHED = """
    SELECT c.relname FROM pg_class c
    WHERE c.relname = ANY (:names) AND c.relkind IN ('r', 'p') AND NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'audit' AND tgenabled = 'O')
"""


@pytest.fixture(scope="module")
def connection(database: Database) -> Iterator[Connection]:
    for tables in FUNCTIONS.glob("*/tables.py"):
        importlib.import_module(f"{tables.parent.name}.tables")
    url = database.superuser_url.replace("postgresql:", "postgresql+pg8000:", 1)
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def is_compared(_: Any, name: str | None, kind: str, __: bool, ___: Any) -> bool:
    """Constraints and indexes are the migrations' alone."""
    return kind == "column" or (kind == "table" and name not in WITHOUT_A_TABLE)


def test_tables_are_as_the_migrations_left_them(connection: Connection) -> None:
    options = {"include_object": is_compared, "compare_server_default": False}
    context = MigrationContext.configure(connection, opts=options)
    assert compare_metadata(context, metadata) == []


def test_the_code_knows_its_revision(superuser: Session) -> None:
    assert expected_head() == revision.HEAD
    assert superuser.column("SELECT version_num FROM alembic_version") == [revision.HEAD]


def test_migrating_again_changes_nothing(database: Database, superuser: Session) -> None:
    counts = "SELECT (SELECT count(*) FROM audit_events), (SELECT count(*) FROM users)"
    before = superuser.run(counts)
    database.migrate()
    assert superuser.run(counts) == before


def test_constraints_are_named_by_the_convention(superuser: Session) -> None:
    assert superuser.column(UNNAMED) == []


def test_keys_compare_byte_by_byte(superuser: Session) -> None:
    assert superuser.column(OTHER_COLLATION) == []


def test_every_reference_has_an_index(superuser: Session) -> None:
    """Else deleting what is referenced walks the whole table."""
    unindexed = set(superuser.column(UNINDEXED))
    assert not {name for name in unindexed if not name.endswith(".tenant_id")}


def test_every_table_of_records_is_audited(superuser: Session, connection: Connection) -> None:
    assert connection
    names = sorted(set(metadata.tables) - WRITTEN_BY_TRIGGERS)
    assert superuser.column(UNWATCHED, names=names) == []


def test_what_lists_sort_by_an_index_serves(superuser: Session, connection: Connection) -> None:
    """It begins with the tenant, perhaps with a parent, and ends with what tells equals apart."""
    assert connection
    for table in metadata.tables.values():
        indexes = superuser.run(INDEXES, name=table.name)
        for name in _sorted_by(table):
            assert any(_serves(index, name, table) for index in indexes), (table.name, name)


def test_every_record_of_a_tenant_is_found_by_when_it_changed(
    superuser: Session, connection: Connection
) -> None:
    assert connection
    tables = [
        table for table in metadata.tables.values() if {"tenant_id", "version"} <= {*table.c.keys()}
    ]
    for table in tables:
        columns = [index["columns"] for index in superuser.run(INDEXES, name=table.name)]
        assert table.name == "sessions" or ["tenant_id", "updated_at", "id"] in columns, table.name


LISTED_BY = {"sessions": "user_id"}  # their tenant is the selected one, not whose they are


def _sorted_by(table: Table) -> Iterator[str]:
    for column in table.c:
        is_text = isinstance(column.type, Text) and not column.name.endswith("_sort")
        if column.info.get("sortable"):
            yield f"{column.name}_sort" if is_text else column.name


def _serves(index: dict[str, Any], column: str, table: Table) -> bool:
    before, _, after = "/".join(index["columns"]).partition(f"/{column}")
    owner = LISTED_BY.get(table.name, "tenant_id")
    if owner not in table.c:
        return index["columns"] in ([column, "id"], [column])
    parents = before.split("/")[1:]
    is_last = after in ("/id", "/user_id") or (index["is_unique"] and not after)
    return before.startswith(owner) and is_last and all(p.endswith("_id") for p in parents)
