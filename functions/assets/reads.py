"""What other modules may know of assets and their catalog."""

from dataclasses import dataclass
from datetime import datetime

from assets import tables
from nexus.records.references import Reference


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """`status` is active, archived, retired, disposed, lost or stolen."""

    id: str
    name: str
    asset_tag: str | None
    serial_number: str | None
    model_id: str
    status: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamedRecord:
    id: str
    tenant_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AssetModelRecord:
    """`tracking_type` is serialized or countable."""

    id: str
    tenant_id: str
    name: str
    model_number: str | None
    tracking_type: str


ASSET = Reference(tables.assets, AssetRecord)
ASSET_TYPE = Reference(tables.asset_types, NamedRecord, is_shared=True)
ASSET_MODEL = Reference(tables.asset_models, AssetModelRecord, is_shared=True)
MANUFACTURER = Reference(tables.manufacturers, NamedRecord, is_shared=True)
