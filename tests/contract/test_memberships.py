"""Memberships keep the contract: they have no name and do not change."""

from typing import Any

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import RightsContract
from tests.support.api import Api, Json


class TestMemberships(ListContract, CreateContract, DeleteContract, PartContract, RightsContract):
    path = "/groups/{group_id}/memberships"
    references = {"member_group_id": "group_id", "invited_by_id": "user_id"}

    def body_with(self, api: Api, **given: Any) -> Json:
        """One member alone."""
        return given if "member_group_id" in given else super().body_with(api, **given)
