"""Attachments keep the contract: a part whose bytes are elsewhere, told how to send them once."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import WRITE_AND_DELETE, RightsContract


class TestAttachments(ListContract, CreateContract, DeleteContract, PartContract, RightsContract):
    path = "/issues/{issue_id}/attachments"
    label = "filename"
    references = {"uploader_id": "user_id"}
    once = frozenset({"upload"})
    derived = frozenset({"uploaded_at"})
    members_may = WRITE_AND_DELETE
