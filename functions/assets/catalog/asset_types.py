"""Asset types: a tree from computer down to laptop; a tenant's own may lie below a shared one."""

from collections.abc import Mapping

from sqlalchemy import func

from assets.reads import ASSET_TYPE
from assets.tables import asset_types
from nexus.db.statements import Sql
from nexus.http.routes import crud_router
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.crud import CatalogService
from nexus.records.fields import Field, among_filter
from nexus.records.reading import Record
from nexus.records.references import Reference
from nexus.records.schemas import Body, Id, Name, TenantRead, unset

# Before any row's lock: the trigger takes it too, and then two moves would wait for each other.
# It is one for all tenants: whoever may move nothing does not take it.
LOCK = Sql("SELECT pg_advisory_xact_lock(nexus.asset_types_lock()) WHERE nexus.is_administrator()")


class AssetTypeRead(TenantRead):
    name: str
    parent_id: str | None


class AssetTypeCreate(Body):
    name: Name
    parent_id: Id | None = None


class AssetTypeUpdate(Body):
    name: Name = unset()
    parent_id: Id | None = unset()


class AssetTypeCycle(Conflict):
    """An asset type would lie within itself."""

    constraints = ("ck_asset_types_cycle",)


class AssetTypeTooDeep(ValidationFailed):
    """Asset types lie at most 20 levels deep."""

    constraints = ("ck_asset_types_depth",)

    def __init__(self) -> None:
        super().__init__(error("parent_id", "is too deep: asset types reach 20 levels down"))


class AssetTypes(CatalogService):
    table = asset_types
    read = AssetTypeRead
    path = "/asset-types/{asset_type_id}"
    references = {"parent_id": ASSET_TYPE}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        below = func.nexus.asset_types_below
        return among_filter("ancestor_id", asset_types.c.parent_id, below)

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "ancestor_id": ASSET_TYPE}

    def update(self, record_id: str, changes: Record) -> Record:
        if "parent_id" in changes:
            self.scope.run_ahead(LOCK, {})
        return super().update(record_id, changes)


router = crud_router(AssetTypes, AssetTypeCreate, AssetTypeUpdate)
