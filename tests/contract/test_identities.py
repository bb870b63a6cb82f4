"""Identities keep the contract, below their person and by themselves."""

from tests.contract.archiving import ArchiveContract
from tests.contract.idempotency import KeyedActionContract
from tests.contract.parts import PersonsPartContract
from tests.support.api import Json


class TestIdentities(PersonsPartContract, ArchiveContract, KeyedActionContract):
    below = "identities"
    label = "last_name"
    required = ("first_name", "last_name")
    optional = "middle_name"

    def body(self, label: str) -> Json:
        return {"first_name": "Jo", "last_name": label}
