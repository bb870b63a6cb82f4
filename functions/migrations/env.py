"""Alembic's entry: each revision in a transaction of its own, with bounded waits, as the owner."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, event

BOUNDS = """
    SELECT set_config('lock_timeout', '5s', true), set_config('statement_timeout', '60s', true)
"""
# The first revision finds no owner: it makes the role, then hands this table over to it.
OWNER = """
    SELECT set_config('role', tableowner, true) FROM pg_catalog.pg_tables
    WHERE schemaname = 'public' AND tablename = 'alembic_version' AND tableowner = 'nexus_owner'
"""


def _enter(connection: Connection) -> None:
    for statement in (BOUNDS, OWNER):
        connection.exec_driver_sql(statement)


def _migrate(connection: Connection, options: dict[str, Any]) -> None:
    context.configure(connection=connection, transaction_per_migration=True, **options)
    event.listen(connection, "begin", _enter)
    try:
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()  # looking at the version began a transaction
    finally:
        event.remove(connection, "begin", _enter)


_migrate(context.config.attributes["connection"], {"version_table_schema": "public"})
