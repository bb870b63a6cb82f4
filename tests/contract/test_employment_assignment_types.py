"""Assignment types keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestEmploymentAssignmentTypes(PlainCatalogContract):
    path = "/employment-assignment-types"
