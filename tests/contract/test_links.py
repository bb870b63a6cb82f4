"""Links keep the contract: they have no name, and go with either of the issues that they join."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import WRITE_AND_DELETE, RightsContract


class TestLinks(ListContract, CreateContract, DeleteContract, PartContract, RightsContract):
    path = "/issues/{issue_id}/links"
    references = {"target_issue_id": "issue_id", "link_type_id": "issue_link_type_id"}
    members_may = WRITE_AND_DELETE
