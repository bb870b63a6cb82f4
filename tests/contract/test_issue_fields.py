"""Issue fields keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssueFields(PlainCatalogContract):
    path = "/issue-fields"
