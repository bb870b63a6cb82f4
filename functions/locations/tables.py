"""The locations module's tables."""

from nexus.tables import tenant_table, text

location_types = tenant_table("location_types", text("name"), searchable=True)
