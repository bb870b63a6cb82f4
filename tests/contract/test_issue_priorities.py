"""Issue priorities keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssuePriorities(PlainCatalogContract):
    path = "/issue-priorities"
