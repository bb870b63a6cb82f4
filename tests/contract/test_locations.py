"""Locations keep the contract."""

from functools import cached_property

import pytest

from tests.contract.patching import ClearableContract
from tests.contract.plain import CrudContract
from tests.support.api import Api, Json


class TestLocations(ClearableContract, CrudContract):
    path = "/locations"
    required = ("name", "type_id")
    optional = "address"
    derived = ("path",)

    @pytest.fixture(autouse=True)
    def _typed(self, root: Api) -> None:
        self.root = root

    @cached_property
    def type_id(self) -> str:
        return str(self.root.items("/location-types", name="Room")[0]["id"])

    def body(self, label: str) -> Json:
        return {"name": label, "type_id": self.type_id}
