"""Location types keep the contract."""

from tests.contract.plain import PlainCatalogContract


class TestLocationTypes(PlainCatalogContract):
    path = "/location-types"
