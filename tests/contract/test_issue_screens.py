"""Issue screens keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssueScreens(PlainCatalogContract):
    path = "/issue-screens"
