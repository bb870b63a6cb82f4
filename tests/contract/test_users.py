"""Users are read, patched and listed like everything else."""

from typing import Any

from tests.contract.idempotency import IdempotencyContract
from tests.contract.paging import PagingContract
from tests.contract.patching import ClearableContract
from tests.contract.reading import ReadContract
from tests.contract.writing import UnencodableTextContract, WriteContract
from tests.support.api import Api, Json
from tests.support.people import made_up_password, unique


class TestUsers(
    ReadContract,
    WriteContract,
    UnencodableTextContract,
    ClearableContract,
    PagingContract,
    IdempotencyContract,
):
    path = "/users"
    label = "username"
    required = ("username", "email", "password")
    optional = "full_name"

    def label_text(self, word: str) -> str:
        return unique(word).lower().replace(" ", ".")

    def body(self, label: str) -> Json:
        return {"username": label, "email": f"{label}@example.org", "password": PASSWORD}

    def new(self, writer: Api, **given: Any) -> Json:
        label = given.get("username") or self.label_text("record")
        made: Json = writer.post(self.path, {**self.body(label), **given})
        return made


PASSWORD = made_up_password()
