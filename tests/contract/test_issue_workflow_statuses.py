"""Issue workflow statuses keep the contract: parts of a catalog."""

from tests.contract.plain import ResourceContract
from tests.contract.verbs.rights import RightsContract
from tests.support.api import Json


class TestIssueWorkflowStatuses(ResourceContract, RightsContract):
    path = "/issue-workflow-statuses"
    references = {"workflow_id": "issue_workflow_id", "status_id": "issue_status_id"}

    def change(self) -> Json:
        return {"position": 7}
