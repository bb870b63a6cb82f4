"""Contacts: a part, with what the kernel does for all; of an identity, and by themselves."""

from tests.contract.plain import KernelContract, PlainPartContract
from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import WRITE_AND_DELETE, RightsContract
from tests.contract.verbs.updating import UpdateContract
from tests.support.api import Api


class TestContacts(KernelContract, PlainPartContract):
    path = "/persons/{person_id}/contacts"
    label = "value"
    members_may = WRITE_AND_DELETE


class TestContactsOfIdentities(ListContract, CreateContract, PartContract):
    path = "/persons/{person_id}/identities/{identity_id}/contacts"
    item = "/contacts/{contact_id}"
    label = "value"


class TestContactsByThemselves(
    ListContract, GetContract, UpdateContract, DeleteContract, RightsContract
):
    path = "/contacts"
    label = "value"
    members_may = WRITE_AND_DELETE

    def test_values_are_looked_for_as_they_are_stored(self, writer: Api) -> None:
        for kind, value, asked in (
            ("email", "Zoe.Ito@Lakeside.Example", " zoe.ito@LAKESIDE.example"),
            ("phone", "+1 202 555 0143", "+1 (202) 555-0143"),
        ):
            made = self.new(writer, type=kind, value=value)
            for filters in ({"value": asked}, {"value__in": asked}):
                assert self.found(writer, [made], **filters) == [made["id"]]
            assert self.found(writer, [made], value__ne=asked) == []
