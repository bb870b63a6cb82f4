"""The education module's tables."""

from sqlalchemy import Boolean, Column, FetchedValue, Integer, Text

from nexus.records.tables import (
    day,
    long_text,
    sortable,
    tenant_table,
    text,
    timestamp,
    ulid_column,
    word,
)

schools = tenant_table(
    "schools",
    text("name", sortable=True),
    text("code", nullable=True, sortable=True),
    ulid_column("location_id", nullable=True),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

school_years = tenant_table(
    "school_years",
    text("name", sortable=True),
    day("start_date", nullable=False),
    day("end_date", nullable=False),
    Column("is_current", Boolean, FetchedValue(), nullable=False),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

school_calendars = tenant_table(
    "school_calendars",
    ulid_column("school_id"),
    ulid_column("calendar_id"),
    text("name", sortable=True),
    searchable=True,
)

school_grade_levels = tenant_table(
    "school_grade_levels",
    text("name", sortable=True),
    text("code", sortable=True),
    sortable(Column("ordinal", Integer, nullable=False)),
    searchable=True,
)

school_enrollments = tenant_table(
    "school_enrollments",
    ulid_column("person_id"),
    ulid_column("calendar_id"),
    Column("school_id", Text(collation="C"), FetchedValue(), nullable=False),
    Column("school_year_id", Text(collation="C"), FetchedValue(), nullable=False),
    ulid_column("grade_level_id", nullable=True),
    word("status"),
    day("entry_date", nullable=False),
    day("exit_date"),
    long_text("exit_reason"),
    timestamp("withdrawn_at", nullable=True),
    timestamp("graduated_at", nullable=True),
    timestamp("transferred_at", nullable=True),
    ulid_column("previous_id", nullable=True),
    ulid_column("transferred_to_id", nullable=True),
    Column("person_sort", Text(collation="C"), FetchedValue(), nullable=False),
)

employment_assignment_types = tenant_table(
    "employment_assignment_types", text("name", sortable=True), searchable=True
)

school_employments = tenant_table(
    "school_employments",
    ulid_column("person_id"),
    ulid_column("school_id", nullable=True),
    text("title", nullable=True, sortable=True),
    word("status"),
    day("hire_date"),
    day("end_date"),
    long_text("end_reason"),
    timestamp("hired_at", nullable=True),
    timestamp("terminated_at", nullable=True),
    timestamp("retired_at", nullable=True),
    searchable=True,
)

school_employment_assignments = tenant_table(
    "school_employment_assignments",
    ulid_column("employment_id"),
    Column("person_id", Text(collation="C"), FetchedValue(), nullable=False),
    ulid_column("school_id"),
    ulid_column("calendar_id", nullable=True),
    ulid_column("type_id"),
    word("status"),
    day("start_date"),
    day("end_date"),
    timestamp("started_at", nullable=True),
    timestamp("ended_at", nullable=True),
)
