"""Issue types keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssueTypes(PlainCatalogContract):
    path = "/issue-types"
    references = {"workflow_id": "issue_workflow_id", "screen_id": "issue_screen_id"}
