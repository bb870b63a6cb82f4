"""Persons keep the contract: their external id is what tells them apart."""

from tests.contract.archiving import FreedNameContract
from tests.contract.idempotency import IdempotencyContract, KeyedActionContract
from tests.contract.listing import SearchContract
from tests.contract.paging import PagingContract
from tests.contract.patching import PatchContract
from tests.contract.reading import ReadContract
from tests.contract.rights import MembersWriteContract
from tests.contract.writing import NameContract, UnencodableTextContract, WriteContract
from tests.support.api import Api, Json


class TestPersons(
    ReadContract,
    WriteContract,
    NameContract,
    UnencodableTextContract,
    PatchContract,
    PagingContract,
    SearchContract,
    IdempotencyContract,
    FreedNameContract,
    KeyedActionContract,
    MembersWriteContract,
):
    path = "/persons"
    label = "external_id"
    required = ()

    def test_what_is_required_cannot_be_cleared(self, writer: Api, record: Json) -> None:
        """Nothing is required: a person may be known by an identity alone, or not yet at all."""
        assert writer.patch(self.at(record), {"external_id": None})["external_id"] is None
        assert writer.post("/persons", {})["current_identity_id"] is None
        assert writer.post("/persons", {})["external_id"] is None
