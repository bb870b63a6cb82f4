"""What a contract has to know of a resource: where it lives, how to make one, how to change it."""

import re
from typing import Any, ClassVar

import pytest

from tests.support.api import Api, Json
from tests.support.people import Tenant, unique

ULID = re.compile(r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$")
TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")
NOBODYS_ID = "01J0000000000000000000000Z"


class Resource:
    """A resource's data. `label` is a text that each record has and that tells them apart."""

    path: ClassVar[str]
    label: ClassVar[str] = "name"
    required: ClassVar[tuple[str, ...]] = ("name",)
    optional: ClassVar[str] = ""  # an optional text that null clears
    derived: ClassVar[tuple[str, ...]] = ()  # what the server makes of the label
    long_text: ClassVar[str | None] = None  # a member that is too long to filter by

    @pytest.fixture
    def writer(self, tenant: Tenant) -> Api:
        return tenant.admin

    @pytest.fixture
    def record(self, writer: Api) -> Json:
        return self.new(writer)

    def body(self, label: str) -> Json:
        return {self.label: label}

    def label_text(self, word: str) -> str:
        return unique(word)

    def new(self, writer: Api, **given: Any) -> Json:
        body = {**self.body(self.label_text("Record")), **given}
        made: Json = writer.post(self.path, body)
        return made

    def change(self) -> Json:
        return {self.label: self.label_text("Changed")}

    def at(self, record: Json) -> str:
        return f"{self.path}/{record['id']}"

    def version(self, writer: Api, record: Json) -> int:
        return int(writer.get(self.at(record))["version"])


def stale(record: Json) -> dict[str, str]:
    return {"If-Match": f'"{record["version"] + 7}"'}


def current(record: Json) -> dict[str, str]:
    return {"If-Match": f'"{record["version"]}"'}
