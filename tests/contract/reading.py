"""Reading one record: its shape, its version as an ETag, and who cannot see it."""

import httpx
import pytest

from tests.contract.resource import NOBODYS_ID, TIMESTAMP, ULID, Resource
from tests.support.api import Api, Json, anonymous
from tests.support.people import Tenant

MALFORMED = ("x", "0" * 25, "0" * 27, "8" + "0" * 25, NOBODYS_ID[:-1] + "U", "%00", "%F0%9F%A6%8A")
VOLATILE = {"x-request-id", "date", "content-length"}


class ReadContract(Resource):
    def test_a_record_has_what_every_record_has(self, record: Json) -> None:
        assert ULID.match(record["id"])
        assert TIMESTAMP.match(record["created_at"])
        assert record["updated_at"] == record["created_at"]
        assert record["version"] == 1

    def test_creation_tells_where_the_record_is(self, writer: Api) -> None:
        body = self.body(self.label_text("Located"))
        made = writer.expect(201, "POST", self.path, json=body)
        location = made.headers["location"]
        assert location == str(writer.http.base_url).rstrip("/") + self.at(made.json())
        assert writer.get(location) == made.json()

    def test_the_etag_is_the_version(self, writer: Api, record: Json) -> None:
        for version in (1, 2):
            response = writer.expect(200, "GET", self.at(record))
            assert response.headers["etag"] == f'"{version}"'
            writer.patch(self.at(record), self.change())

    def test_every_write_answers_with_the_etag(self, writer: Api) -> None:
        body = self.body(self.label_text("Tagged"))
        made = writer.expect(201, "POST", self.path, json=body)
        assert made.headers["etag"] == '"1"'
        changed = writer.expect(200, "PATCH", self.at(made.json()), json=self.change())
        assert changed.headers["etag"] == '"2"'

    @pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"9", "1"', "*"])
    def test_a_known_version_is_not_sent_again(self, writer: Api, record: Json, tag: str) -> None:
        response = writer.expect(304, "GET", self.at(record), headers={"If-None-Match": tag})
        assert response.content == b""
        assert response.headers["etag"] == '"1"'

    def test_another_version_than_the_known_is_sent(self, writer: Api, record: Json) -> None:
        response = writer.expect(200, "GET", self.at(record), headers={"If-None-Match": '"2"'})
        assert response.json() == record

    @pytest.mark.parametrize("id_", MALFORMED)
    def test_a_malformed_id_is_not_found(self, writer: Api, id_: str) -> None:
        for method, body in (("GET", None), ("PATCH", self.change()), ("DELETE", None)):
            writer.refused(404, method, f"{self.path}/{id_}", body)

    def test_a_foreign_record_looks_like_one_that_does_not_exist(
        self, record: Json, other_tenant: Tenant
    ) -> None:
        for method, body in (("GET", None), ("PATCH", self.change()), ("DELETE", None)):
            sent = {} if body is None else {"json": body}
            foreign = other_tenant.admin.expect(404, method, self.at(record), **sent)
            nothing = other_tenant.admin.expect(404, method, f"{self.path}/{NOBODYS_ID}", **sent)
            assert anonymous(foreign.json(), record["id"]) == anonymous(nothing.json(), NOBODYS_ID)
            assert _headers(foreign.headers) == _headers(nothing.headers)

    def test_a_foreign_record_is_not_listed(self, record: Json, other_tenant: Tenant) -> None:
        page = other_tenant.admin.get(self.path, id=record["id"], count="true")
        assert (page["items"], page["total"]) == ([], 0)

    def test_nobody_reads_without_a_token(self, record: Json, writer: Api) -> None:
        writer.bearing(None).refused(401, "GET", self.at(record))
        writer.bearing(None).refused(401, "GET", self.path)


def _headers(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in VOLATILE}
