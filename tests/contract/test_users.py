"""Users are read, patched and listed like everything else."""

from typing import Any

import pytest

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

    @pytest.mark.parametrize("limit", [1, 2, 4])
    @pytest.mark.parametrize("sort", ["full_name", "-full_name", "full_name,-username"])
    def test_a_sort_by_what_is_null_or_alike_pages_well(
        self, writer: Api, sort: str, limit: int
    ) -> None:
        names = ["Ada", None, "Bob", "Ada", None, "Ada"]
        records = [self.new(writer, full_name=name) for name in names]
        query = {"id__in": ",".join(record["id"] for record in records), "sort": sort}
        paged = writer.pages(self.path, **query, limit=limit)
        assert paged == writer.items(self.path, **query)
        assert sorted(r["id"] for r in paged) == sorted(r["id"] for r in records)
        shown = [record["full_name"] for record in paged if record["full_name"]]
        assert shown == sorted(shown, reverse=sort.startswith("-"))
        assert len(writer.items(self.path, **query, full_name__isnull="true")) == 2
        assert len(writer.items(self.path, **query, full_name="Ada")) == 3


PASSWORD = made_up_password()
