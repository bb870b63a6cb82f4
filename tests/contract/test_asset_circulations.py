"""Circulations keep the contract, as far as what is only added to can."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json
from tests.support.makers import MAKERS
from tests.support.people import Tenant


class TestCirculations(ListContract, GetContract, CreateContract, RightsContract):
    path = "/asset-circulations"
    label = "notes"
    gone = {"asset_id": "asset-not-active"}
    references = {
        "corrects_id": "circulation_id",
        "recorded_by": "user_id",
        "location_id__within": "location_id",
    }
    members_may = WRITE


class TestCirculationsOfAssets(ListContract):
    path = "/assets/{asset_id}/circulations"
    item = "/asset-circulations/{circulation_id}"
    references = TestCirculations.references

    def new(self, api: Api, **given: object) -> Json:
        body = {**MAKERS["circulation_id"].body(api), **given, "asset_id": self.ids["asset_id"]}
        made: Json = api.post("/asset-circulations", body)
        return made

    def new_of(self, tenant: Tenant) -> Json:
        return MAKERS["circulation_id"].new(tenant.admin)
