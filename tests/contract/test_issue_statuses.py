"""Issue statuses keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssueStatuses(PlainCatalogContract):
    path = "/issue-statuses"
