"""What other modules may know of assets. There are none yet, so every id is one of no record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, MetaData, Table, Text, false

from nexus.records.references import Reference


@dataclass(frozen=True, slots=True)
class AssetRecord:
    id: str
    name: str
    archived_at: datetime | None


_none = Table("tenants", MetaData(), *(Column(n, Text) for n in ("id", "name", "archived_at")))
ASSET = Reference(_none, AssetRecord, wall=false())
