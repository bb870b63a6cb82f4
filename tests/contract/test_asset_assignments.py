"""Assignments keep the contract, by themselves and below their asset."""

from typing import Any

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.contract.verbs.updating import UpdateContract, without
from tests.support.api import Api, Json, slug
from tests.support.makers import ids_for


class AssignmentContract(ListContract, GetContract, CreateContract, UpdateContract, RightsContract):
    item = "/assignments/{assignment_id}"
    label = "notes"
    gone = {"asset_id": "asset-not-active"}
    references = {"location_id__within": "location_id"}
    members_may = WRITE

    def body_with(self, api: Api, **given: Any) -> Json:
        """One of two holds it."""
        body = super().body_with(api, **given)
        return without(body, {"person_id"}) if "location_id" in given else body


class TestAssignments(AssignmentContract):
    path = "/asset-assignments"


class TestAssignmentsOfAssets(AssignmentContract, BelowContract):
    path = "/assets/{asset_id}/assignments"

    def body(self, api: Api) -> Json:
        return without(super().body(api), {"asset_id"})

    def test_of_an_archived_whole_nothing_is_changed(self, writer: Api) -> None:
        """What is out stays so, and is told of."""
        self.ids = ids_for(writer, self.path)
        record = self.new(writer)
        writer.act(f"{self.whole()}/archive")
        assert slug(writer.refused(409, "POST", self.here, self.body(writer))) == "asset-not-active"
        told = writer.refused(409, "PATCH", self.at(record), self.change())
        assert slug(told) == "record-archived"
        assert self.found(writer, [record]) == [record["id"]]
