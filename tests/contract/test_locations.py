"""Locations keep the contract; what lies below a place is found at any depth."""

from tests.contract.plain import ResourceContract
from tests.contract.resource import NOBODYS_ID
from tests.contract.verbs.names import UniqueContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json, pointers
from tests.support.makers import new_location
from tests.support.people import Tenant


class TestLocations(ResourceContract, UniqueContract, RightsContract):
    path = "/locations"
    references = {"type_id": "location_type_id", "parent_id": "location_id"}
    derived = frozenset({"path"})
    members_may = WRITE

    def test_everything_below_a_place_is_listed(self, writer: Api) -> None:
        site = new_location(writer)
        house, other = new_location(writer, site), new_location(writer, new_location(writer))
        desk = new_location(writer, house)

        def below(*places: Json) -> set[str]:
            ids = ",".join(place["id"] for place in places)
            return {item["id"] for item in writer.items(self.path, ancestor_id=ids)}

        assert below(site) == {house["id"], desk["id"]}
        assert below(house) == {desk["id"]}
        assert below(desk) == set()
        assert below(house, site) == {house["id"], desk["id"]}
        moved = {"parent_id": other["id"]}
        writer.patch(self.at(house), moved)
        assert below(site) == set()
        assert below(other) == {house["id"], desk["id"]}
        pages = writer.pages(self.path, ancestor_id=other["id"], sort="-name", limit=1)
        assert {page["id"] for page in pages} == below(other)

    def test_below_no_place_nothing_is_asked_for(self, writer: Api, other_tenant: Tenant) -> None:
        for id_ in (NOBODYS_ID, "x", new_location(other_tenant.admin)["id"]):
            problem = writer.refused(422, "GET", f"{self.path}?ancestor_id={id_}")
            assert pointers(problem) == ["/ancestor_id"]
        for operator in ("ne", "gt", "isnull", "direct"):
            writer.refused(400, "GET", f"{self.path}?ancestor_id__{operator}=true")
