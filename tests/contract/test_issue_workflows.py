"""Issue workflows keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssueWorkflows(PlainCatalogContract):
    path = "/issue-workflows"
