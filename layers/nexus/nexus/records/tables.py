"""How tables are declared: columns for queries; constraints and indexes are the migrations'."""

from typing import Any

from sqlalchemy import Column, DateTime, FetchedValue, Integer, MetaData, Table, Text

metadata = MetaData()


def ulid_column(name: str, *, nullable: bool = False, **options: Any) -> Column[str]:
    """A ULID: a record's id, or with another name a reference to one."""
    return Column(name, Text(collation="C"), nullable=nullable, **options)


def text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


def long_text(name: str, *, nullable: bool = True) -> Column[str]:
    """Prose: searched by `?q=`, but no field to filter or sort by."""
    return Column(name, Text, nullable=nullable, info={"long": True})


def timestamp(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def record_table(name: str, *columns: Column[Any], searchable: bool = False) -> Table:
    """A table whose rows are records: id, timestamps, version."""
    search = [Column("search", Text, FetchedValue())] if searchable else []
    return Table(
        name,
        metadata,
        ulid_column("id", primary_key=True),
        *columns,
        Column("created_at", DateTime(timezone=True), FetchedValue(), nullable=False),
        Column("updated_at", DateTime(timezone=True), FetchedValue(), nullable=False),
        Column("version", Integer, FetchedValue(), nullable=False),
        *search,
    )


def tenant_table(name: str, *columns: Column[Any], searchable: bool = False) -> Table:
    """A table whose records belong to a tenant; its migration calls nexus.protect…"""
    return record_table(name, ulid_column("tenant_id"), *columns, searchable=searchable)
