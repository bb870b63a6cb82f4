"""Location types: a catalog, with what the kernel does for all."""

from tests.contract.plain import KernelContract, PlainCatalogContract


class TestLocationTypes(KernelContract, PlainCatalogContract):
    path = "/location-types"
