"""Tags: a record's version, sent as If-None-Match and If-Match."""

import pytest

from tests.contract.resource import Resource, current
from tests.support.api import Api, Json
from tests.support.races import at_once


class TagContract(Resource):
    def test_the_tag_is_the_version(self, writer: Api) -> None:
        made = writer.expect(201, "POST", self.here, json=self.body(writer))
        changed = writer.expect(200, "PATCH", self.at(made.json()), json=self.change())
        shown = writer.expect(200, "GET", self.at(made.json()))
        assert [answer.headers["etag"] for answer in (made, changed, shown)] == [
            '"1"',
            '"2"',
            '"2"',
        ]

    @pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"9", "1"', "*"])
    def test_a_known_version_has_many_forms(self, writer: Api, record: Json, tag: str) -> None:
        response = writer.expect(304, "GET", self.at(record), headers={"If-None-Match": tag})
        assert (response.content, response.headers["etag"]) == (b"", '"1"')

    def test_another_version_than_the_known_is_sent(self, writer: Api, record: Json) -> None:
        response = writer.expect(200, "GET", self.at(record), headers={"If-None-Match": '"2"'})
        assert response.json() == record

    @pytest.mark.parametrize("tag", ["1", "", '"1', '"1" *'])
    def test_what_is_no_tag_names_no_version(self, writer: Api, record: Json, tag: str) -> None:
        headers = {"If-None-Match": tag}
        assert writer.expect(200, "GET", self.at(record), headers=headers).json() == record

    @pytest.mark.parametrize("tag", ['"1"', '"5", "1"', ',"5" ,W/"1",', "*", 'W/"1"'])
    def test_the_current_version_is_let_through(self, writer: Api, fresh: Json, tag: str) -> None:
        headers = {"If-Match": tag}
        assert writer.patch(self.at(fresh), self.change(), headers=headers)["version"] == 2

    @pytest.mark.parametrize("tag", ["", "1", "abc", '"1', 'w/"1"', '"1" "2"', '"1", *', "''"])
    def test_what_is_no_tag_is_malformed(self, writer: Api, record: Json, tag: str) -> None:
        for method, path, body in (
            ("PATCH", self.at(record), self.change()),
            ("DELETE", self.at(record), None),
            ("POST", self.here, self.body(writer)),
        ):
            writer.refused(400, method, path, body, headers={"If-Match": tag})
        assert writer.get(self.at(record)) == record

    def test_a_weak_tag_can_be_stale_too(self, writer: Api, record: Json) -> None:
        headers = {"If-Match": 'W/"9"'}
        writer.refused(412, "PATCH", self.at(record), self.change(), headers=headers)

    def test_without_a_tag_the_last_write_wins(self, writer: Api, fresh: Json) -> None:
        first, second = self.change(), self.change()
        writer.patch(self.at(fresh), first)
        assert writer.patch(self.at(fresh), second)[self.label] == second[self.label]

    def test_of_concurrent_patches_of_one_version_one_wins(self, writer: Api, fresh: Json) -> None:
        def attempt() -> int:
            sent = {"json": self.change(), "headers": current(fresh)}
            return writer.send("PATCH", self.at(fresh), **sent).status_code

        assert sorted(at_once([attempt] * 8)) == [200] + [412] * 7
        assert writer.get(self.at(fresh))["version"] == 2

    def test_concurrent_patches_each_count(self, writer: Api, fresh: Json) -> None:
        at_once([lambda: writer.patch(self.at(fresh), self.change())] * 8)
        assert writer.get(self.at(fresh))["version"] == 9

    @pytest.mark.parametrize("fields", ["version&fields=id", "id&fields=version", "id,version"])
    def test_members_asked_for_apart_come_together(
        self, writer: Api, record: Json, fields: str
    ) -> None:
        for path in (f"{self.at(record)}?", f"{self.here}?id={record['id']}&"):
            found = writer.get(f"{path}fields={fields}")
            (shown,) = found.get("items", [found])
            assert shown == {"id": record["id"], "version": record["version"]}
