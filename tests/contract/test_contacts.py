"""Contacts keep the contract, below their person and by themselves."""

import pytest

from tests.contract.parts import PersonsPartContract
from tests.support.api import Api, Json, pointers


class TestContacts(PersonsPartContract):
    below = "contacts"
    label = "value"
    required = ("type", "value")
    optional = "label"

    def body(self, label: str) -> Json:
        return {"type": "other", "value": label}

    @pytest.mark.parametrize("name", ["", "   ", "x" * 501, 7, ["x"]], ids=repr)
    def test_a_name_is_1_to_200_characters(self, writer: Api, record: Json, name: object) -> None:
        """A contact's value may be as long as an address."""
        for method, path in (("POST", self.path), ("PATCH", self.at(record))):
            body = {"type": "other", "value": name}
            assert pointers(writer.refused(422, method, path, body)) == ["/value"]
