"""Workflow transitions keep the contract: parts of a catalog, whose names a workflow has once."""

from tests.contract.plain import ResourceContract
from tests.contract.verbs.rights import CatalogContract, RightsContract


class TestIssueWorkflowTransitions(ResourceContract, CatalogContract, RightsContract):
    path = "/issue-workflow-transitions"
    references = {
        "workflow_id": "issue_workflow_id",
        "from_status_id": "issue_status_id",
        "to_status_id": "issue_status_id",
        "screen_id": "issue_screen_id",
    }
