"""Assets keep the contract, and so does what is listed below each."""

from typing import Any

from tests.contract.plain import ResourceContract
from tests.contract.verbs.archiving import ArchiveContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json
from tests.support.makers import id_of_new
from tests.support.people import Tenant, unique


class TestAssets(ResourceContract, ArchiveContract, RightsContract):
    path = "/assets"
    references = {
        "model_id": "asset_model_id",
        "location_id__within": "location_id",
        "asset_type_id__within": "asset_type_id",
    }
    called = {"person_id": "holder"}
    steps = {"/dispose": ("/retire",)}
    bound = frozenset({"serial_number"})
    cleared_with_it = frozenset({"status"})
    members_may = WRITE


class TestAssetHistory(ListContract):
    path = "/assets/{asset_id}/history"
    item = "/assets/{asset_id}"
    page_members = {"exported_until": None}
    references = {"actor_id": "user_id"}

    def new_of(self, tenant: Tenant) -> Json:
        one = type(self)()
        one.ids = {"asset_id": id_of_new("asset_id", tenant.admin)}
        return one.new(tenant.admin)

    def new(self, api: Api, **given: Any) -> Json:
        assert not given
        api.patch(f"/assets/{self.ids['asset_id']}", {"name": unique("Named")})
        found: Json = api.items(self.here, limit=1)[0]
        return found
