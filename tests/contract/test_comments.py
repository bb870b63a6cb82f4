"""Comments keep the contract: a part, which its author alone edits."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import RightsContract


class TestComments(ListContract, CreateContract, DeleteContract, PartContract, RightsContract):
    path = "/issues/{issue_id}/comments"
    label = "body"
    references = {"author_id": "user_id"}
    derived = frozenset({"edited_at"})
    members_may = frozenset({"GET", "POST"})
