"""Issue screen fields keep the contract: parts of a catalog."""

from tests.contract.plain import ResourceContract
from tests.contract.verbs.rights import RightsContract
from tests.support.api import Json


class TestIssueScreenFields(ResourceContract, RightsContract):
    path = "/issue-screen-fields"
    references = {"screen_id": "issue_screen_id", "field_id": "issue_field_id"}

    def change(self) -> Json:
        return {"position": 7}
