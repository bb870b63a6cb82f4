"""Watchers keep the contract: a part that is found by who watches."""

from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import RightsContract
from tests.support.api import Api, Json
from tests.support.makers import id_of_new


class TestWatchers(ListContract, CreateContract, DeleteContract, PartContract, RightsContract):
    path = "/issues/{issue_id}/watchers"
    members_may = frozenset({"GET", "POST"})

    def at(self, record: Json | str) -> str:
        return super().at(record if isinstance(record, str) else record["user_id"])

    def body(self, api: Api) -> Json:
        return {"user_id": id_of_new("user_id", api)}
