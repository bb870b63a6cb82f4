"""Grade levels keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestSchoolGradeLevels(PlainCatalogContract):
    path = "/school-grade-levels"
