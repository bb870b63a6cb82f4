"""Parts that live below their whole: each test has a whole of its own."""

import pytest

from tests.contract.idempotency import IdempotencyContract, fresh_key
from tests.contract.listing import SearchContract
from tests.contract.paging import PagingContract
from tests.contract.patching import ClearableContract
from tests.contract.reading import ReadContract
from tests.contract.resource import NOBODYS_ID
from tests.contract.writing import TextContract, UnencodableTextContract, WriteContract
from tests.support.api import Api, Json, anonymous, slug
from tests.support.people import Tenant


class PersonsPartContract(
    ReadContract,
    WriteContract,
    TextContract,
    UnencodableTextContract,
    ClearableContract,
    PagingContract,
    SearchContract,
    IdempotencyContract,
):
    """`below` is where a person has such parts."""

    below: str

    @pytest.fixture
    def person(self, tenant: Tenant) -> Json:
        person: Json = tenant.admin.post("/persons", {})
        return person

    @pytest.fixture
    def writer(self, tenant: Tenant, person: Json) -> Api:
        type(self).path = f"/persons/{person['id']}/{self.below}"
        return tenant.member

    def test_a_foreign_record_is_not_listed(self, record: Json, other_tenant: Tenant) -> None:
        """The whole is not there either."""
        foreign = other_tenant.admin.refused(404, "GET", self.path)
        nothing = other_tenant.admin.refused(404, "GET", f"/persons/{NOBODYS_ID}/{self.below}")
        assert anonymous(foreign) == anonymous(nothing)
        assert other_tenant.admin.items(f"/{self.below}", id=record["id"]) == []

    def test_a_refused_request_does_not_use_up_its_key(self, writer: Api, record: Json) -> None:
        assert record["version"] == 1
        person = self.path.rpartition("/")[0]
        writer.act(f"{person}/archive")
        key, body = fresh_key(), self.body(self.label_text("Part"))
        assert self.post(writer, body, key).status_code == 409
        writer.act(f"{person}/restore")
        assert self.post(writer, body, key).status_code == 201

    def test_it_is_read_by_itself_too(self, writer: Api, record: Json) -> None:
        flat = f"/{self.below}/{record['id']}"
        assert writer.get(flat) == record
        assert writer.items(f"/{self.below}", id=record["id"]) == [record]
        changed = writer.patch(flat, self.change())
        assert (changed["version"], writer.get(self.at(record))) == (2, changed)

    def test_another_person_does_not_have_it(self, writer: Api, record: Json) -> None:
        other = writer.post("/persons", {})
        for person_id in (other["id"], NOBODYS_ID, "x", "%00"):
            path = f"/persons/{person_id}/{self.below}/{record['id']}"
            for method, body in (("GET", None), ("PATCH", self.change()), ("DELETE", None)):
                writer.refused(404, method, path, body)
        assert writer.items(f"/persons/{other['id']}/{self.below}") == []
        assert writer.get(self.at(record)) == record

    def test_it_cannot_be_where_no_person_is(self, writer: Api) -> None:
        for person_id in (NOBODYS_ID, "x", "%00"):
            path, body = f"/persons/{person_id}/{self.below}", self.body("Nowhere")
            writer.refused(404, "POST", path, body)
            writer.refused(404, "GET", path)

    def test_it_goes_with_the_person(
        self, tenant: Tenant, writer: Api, person: Json, record: Json
    ) -> None:
        tenant.admin.delete(f"/persons/{person['id']}")
        writer.refused(404, "GET", f"/{self.below}/{record['id']}")

    def test_of_an_archived_person_nothing_is_changed(self, writer: Api, record: Json) -> None:
        writer.act(f"{self.path.rpartition('/')[0]}/archive")
        writer.refused(409, "POST", self.path, self.body("Late"))
        for method, body in (("PATCH", self.change()), ("DELETE", None)):
            writer.refused(409, method, self.at(record), body)
        for same in ({}, {self.label: record[self.label]}):
            for path in (self.at(record), f"/{self.below}/{record['id']}"):
                assert slug(writer.refused(409, "PATCH", path, same)) == "record-archived"
        assert writer.items(self.path) == [record]
