"""Asset models: what a manufacturer sells under one name, each piece of it known or counted."""

from datetime import date
from typing import Literal

from pydantic import Field

from assets.reads import ASSET_TYPE, MANUFACTURER
from assets.tables import asset_models
from nexus.http.routes import crud_router
from nexus.problems import Conflict
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Date, Id, Name, TenantRead, unset

TrackingType = Literal["serialized", "countable"]


class AssetModelRead(TenantRead):
    name: str
    tracking_type: TrackingType = Field(
        description="Whether each asset of it has a serial number, or a quantity"
    )
    manufacturer_id: str | None
    asset_type_id: str | None
    model_number: str | None
    end_of_life_on: date | None


class AssetModelCreate(Body):
    name: Name
    tracking_type: TrackingType
    manufacturer_id: Id | None = None
    asset_type_id: Id | None = None
    model_number: Name | None = None
    end_of_life_on: Date | None = None


class AssetModelUpdate(Body):
    name: Name = unset()
    tracking_type: TrackingType = unset()
    manufacturer_id: Id | None = unset()
    asset_type_id: Id | None = unset()
    model_number: Name | None = unset()
    end_of_life_on: Date | None = unset()


class TrackingTypeInUse(Conflict):
    """Assets of this model are tracked as it says: make another model for those that are not."""

    constraints = ("ck_asset_models_tracking_kept",)


class TooManyAssets(Conflict):
    """More than 20,000 assets are of this model, too many to change at once: make another model,
    and give it to those that are of another type or manufacturer."""

    constraints = ("ck_asset_models_carried",)


class AssetModels(CatalogService):
    table = asset_models
    read = AssetModelRead
    path = "/asset-models/{asset_model_id}"
    references = {"manufacturer_id": MANUFACTURER, "asset_type_id": ASSET_TYPE}


router = crud_router(AssetModels, AssetModelCreate, AssetModelUpdate)
