"""Rules of configuration items."""

from assets.reads import ASSET
from configurations.configuration_items.schemas import ConfigurationItemRead
from configurations.tables import configuration_items
from nexus.problems import ValidationFailed, error
from nexus.records.crud import CrudService


class AttributesTooLarge(ValidationFailed):
    """The attributes are no longer a handful of facts."""

    constraints = ("ck_configuration_items_attributes_size",)

    def __init__(self) -> None:
        super().__init__(error("attributes", "take up to 64 KiB as they are stored"))


class ConfigurationItems(CrudService):
    table = configuration_items
    read = ConfigurationItemRead
    path = "/configuration-items/{ci_id}"
    references = {"asset_id": ASSET}
