"""How tables are declared: columns for queries; constraints and indexes are the migrations'."""

from datetime import date
from typing import Any

from sqlalchemy import Column, Date, DateTime, FetchedValue, Integer, MetaData, Table, Text

metadata = MetaData()


def ulid_column(name: str, *, nullable: bool = False, **options: Any) -> Column[str]:
    """A ULID: a record's id, or with another name a reference to one."""
    return Column(name, Text(collation="C"), nullable=nullable, **options)


def text(name: str, *, nullable: bool = False, sortable: bool = False) -> Column[str]:
    """Lists sort by what `<name>_sort` holds; a table gets that column beside it."""
    return Column(name, Text, nullable=nullable, info={"sortable": True} if sortable else {})


def long_text(name: str, *, nullable: bool = True) -> Column[str]:
    """Prose: searched by `?q=`, but no field to filter or sort by."""
    return Column(name, Text, nullable=nullable, info={"long": True})


def timestamp(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def word(name: str) -> Column[str]:
    """A text of a few letters, compared as it is: a key, one of a few words."""
    return Column(name, Text(collation="C"), FetchedValue(), nullable=False)


def sortable[T](column: Column[T]) -> Column[T]:
    """Served by an index for sorting and ranges, of its tenant or of its parent; a text by that of
    `<name>_sort`."""
    column.info["sortable"] = True
    return column


def day(name: str, *, nullable: bool = True) -> Column[date]:
    return sortable(Column(name, Date, nullable=nullable))


def sort_column(name: str, *, nullable: bool = False) -> Column[str]:
    """A text as lists sort it."""
    column = Column(f"{name}_sort", Text(collation="C"), FetchedValue(), nullable=nullable)
    return sortable(column)


def record_table(
    name: str, *columns: Column[Any], searchable: bool = False, updates_sortable: bool = False
) -> Table:
    """A table whose rows are records: id, timestamps, version."""
    search = [Column("search", Text, FetchedValue())] if searchable else []
    updated_at = Column("updated_at", DateTime(timezone=True), FetchedValue(), nullable=False)
    return Table(
        name,
        metadata,
        ulid_column("id", primary_key=True),
        *columns,
        Column("created_at", DateTime(timezone=True), FetchedValue(), nullable=False),
        sortable(updated_at) if updates_sortable else updated_at,
        Column("version", Integer, FetchedValue(), nullable=False),
        *(
            sort_column(column.name, nullable=True)
            for column in columns
            if isinstance(column.type, Text) and column.info.get("sortable")
        ),
        *search,
    )


def event_view(name: str, subject_id: str, *columns: Column[Any]) -> Table:
    """What events say of a record, named by `subject_id`; see the migration."""
    return Table(
        name,
        MetaData(),
        ulid_column("id", primary_key=True),
        ulid_column("tenant_id"),
        ulid_column(subject_id),
        ulid_column("actor_id", nullable=True),
        timestamp("occurred_at"),
        *columns,
        schema="nexus",
    )


def tenant_table(name: str, *columns: Column[Any], searchable: bool = False) -> Table:
    """A table whose records belong to a tenant; its migration calls nexus.protect…"""
    return record_table(
        name, ulid_column("tenant_id"), *columns, searchable=searchable, updates_sortable=True
    )
