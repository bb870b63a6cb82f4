"""Relationships keep the contract: they have no name, and hold the items that they join."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.rights import WRITE_AND_DELETE, RightsContract


class TestRelationships(
    ListContract, CreateContract, DeleteContract, BelowContract, RightsContract
):
    path = "/configuration-items/{ci_id}/relationships"
    item = "/relationships/{relationship_id}"
    references = {"source_id": "ci_id", "target_id": "ci_id"}
    members_may = WRITE_AND_DELETE
