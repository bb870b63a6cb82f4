"""Configuration items: servers, services, switches … with attributes of their own."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from assets.reads import ASSET
from configurations.tables import configuration_items
from nexus.http.routes import crud_router
from nexus.problems import ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.schemas import Body, Description, Id, Name, TenantRead, unset

ITEM = "/configuration-items/{ci_id}"

CiType = Annotated[Name, Field(examples=["switch"])]
Attributes = Annotated[dict[str, Any], Field(examples=[{"ports": 48, "rack": "B2"}])]


class ConfigurationItemRead(TenantRead):
    name: str
    ci_type: str | None
    description: str | None
    asset_id: str | None
    attributes: dict[str, Any]
    archived_at: datetime | None


class ConfigurationItemCreate(Body):
    name: Name
    ci_type: CiType | None = None
    description: Description | None = None
    asset_id: Id | None = None
    attributes: Attributes = {}


class ConfigurationItemUpdate(Body):
    name: Name = unset()
    ci_type: CiType | None = unset()
    description: Description | None = unset()
    asset_id: Id | None = unset()
    attributes: Attributes = unset()


class AttributesTooLarge(ValidationFailed):
    """The attributes are no longer a handful of facts."""

    constraints = ("ck_configuration_items_attributes_size",)

    def __init__(self) -> None:
        super().__init__(error("attributes", "take up to 64 KiB as they are stored"))


class ConfigurationItems(CrudService):
    table = configuration_items
    read = ConfigurationItemRead
    references = {"asset_id": ASSET}


router = crud_router(ConfigurationItems, ITEM, ConfigurationItemCreate, ConfigurationItemUpdate)
