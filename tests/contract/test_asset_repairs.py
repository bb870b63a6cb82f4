"""Repairs keep the contract: what they have of their issues is theirs."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.contract.verbs.updating import UpdateContract


class TestRepairs(ListContract, GetContract, CreateContract, UpdateContract, RightsContract):
    path = "/asset-repairs"
    label = "title"
    references = {
        "priority_id": "issue_priority_id",
        "status_id": "issue_status_id",
        "location_id__within": "location_id",
    }
    members_may = WRITE
