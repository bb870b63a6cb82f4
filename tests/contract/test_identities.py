"""Identities keep the contract, below their person and by themselves."""

from tests.contract.plain import PlainPartContract
from tests.contract.verbs.archiving import ArchiveContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.rights import WRITE, WRITE_AND_DELETE, RightsContract
from tests.contract.verbs.updating import UpdateContract
from tests.support.api import Api
from tests.support.makers import new_identity, new_person


class TestIdentities(PlainPartContract, ArchiveContract):
    path = "/persons/{person_id}/identities"
    label = "last_name"
    members_may = WRITE_AND_DELETE


class TestIdentitiesByThemselves(ListContract, GetContract, UpdateContract, RightsContract):
    path = "/identities"
    label = "last_name"
    members_may = WRITE

    def test_current_ones_are_listed(self, writer: Api) -> None:
        person = new_person(writer)
        other = new_identity(writer, person)
        of_person = {"person_id": person["id"]}
        (current,) = writer.items("/identities", **of_person, is_current="true")
        (further,) = writer.items("/identities", **of_person, is_current="false")
        assert (current["id"], further["id"]) == (person["current_identity_id"], other["id"])
        place = f"/persons/{person['id']}/current-identity"
        writer.act(place, {"identity_id": other["id"]})
        (current,) = writer.items("/identities", **of_person, is_current="true")
        assert (current["id"], current["is_current"]) == (other["id"], True)
