"""Creating and deleting: what a body may hold, and what no body gets through."""

import json
from typing import Any

import pytest

from tests.contract.resource import Resource, current, stale
from tests.support.api import Api, Json, pointers

SERVER_SET = ("id", "created_at", "updated_at", "version", "tenant_id", "archived_at")
NOT_AN_OBJECT: list[Any] = [[], "text", 7, None, True]
MEBIBYTE = 1024 * 1024


class WriteContract(Resource):
    def test_an_unknown_member_is_refused(self, writer: Api, record: Json) -> None:
        body = {**self.body(self.label_text("Odd")), "colour": "red"}
        assert pointers(writer.refused(422, "POST", self.path, body)) == ["/colour"]
        problem = writer.refused(422, "PATCH", self.at(record), {"colour": "red"})
        assert pointers(problem) == ["/colour"]

    @pytest.mark.parametrize("member", SERVER_SET)
    def test_a_member_that_the_server_sets_is_refused(
        self, writer: Api, record: Json, member: str
    ) -> None:
        value = record.get(member)
        body = {**self.body(self.label_text("Set")), member: value}
        assert pointers(writer.refused(422, "POST", self.path, body)) == [f"/{member}"]
        problem = writer.refused(422, "PATCH", self.at(record), {member: value})
        assert pointers(problem) == [f"/{member}"]

    def test_what_is_required_has_to_be_there(self, writer: Api) -> None:
        for member in self.required:
            body = self.body(self.label_text("Partial"))
            del body[member]
            assert pointers(writer.refused(422, "POST", self.path, body)) == [f"/{member}"]
            problem = writer.refused(422, "POST", self.path, {**body, member: None})
            assert pointers(problem) == [f"/{member}"]

    @pytest.mark.parametrize(
        "text", ["bell\a", "two\nlines", "two\u2028lines", "\u200b"], ids=ascii
    )
    def test_a_label_is_one_line_that_can_be_seen(
        self, writer: Api, record: Json, text: str
    ) -> None:
        problem = writer.refused(422, "PATCH", self.at(record), {self.label: text})
        assert pointers(problem) == [f"/{self.label}"]

    @pytest.mark.parametrize("body", NOT_AN_OBJECT, ids=repr)
    def test_a_body_that_is_no_object_is_refused(
        self, writer: Api, record: Json, body: object
    ) -> None:
        writer.refused(422, "POST", self.path, content=_dumped(body), headers=_as_json())
        writer.refused(422, "PATCH", self.at(record), content=_dumped(body), headers=_as_json())

    @pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"name": "a"} x', b"{'a': 1}"])
    def test_a_body_that_is_no_json_is_malformed(self, writer: Api, content: bytes) -> None:
        problem = writer.send("POST", self.path, content=content, headers=_as_json())
        assert problem.status_code in {400, 422}

    def test_a_body_may_be_left_out_where_nothing_is_required(self, writer: Api) -> None:
        answer = writer.send("POST", self.path, content=b"", headers=_as_json())
        assert answer.status_code == (422 if self.required else 201)

    def test_a_body_nested_without_end_is_refused(self, writer: Api) -> None:
        content = b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        problem = writer.send("POST", self.path, content=content, headers=_as_json())
        assert problem.status_code in {400, 422}

    @pytest.mark.parametrize("media", ["text/plain", "application/xml", "multipart/form-data"])
    def test_only_json_is_taken(self, writer: Api, record: Json, media: str) -> None:
        content = _dumped(self.change())
        headers = {"Content-Type": media}
        writer.refused(415, "POST", self.path, content=content, headers=headers)
        writer.refused(415, "PATCH", self.at(record), content=content, headers=headers)

    def test_the_character_set_of_json_may_be_named(self, writer: Api) -> None:
        content = _dumped(self.body(self.label_text("Named")))
        media = {"Content-Type": "application/json; charset=utf-8"}
        writer.expect(201, "POST", self.path, content=content, headers=media)

    def test_a_body_over_a_mebibyte_is_too_large(self, writer: Api) -> None:
        content = _dumped({self.label: "x" * MEBIBYTE})
        writer.refused(413, "POST", self.path, content=content, headers=_as_json())

    def test_a_body_sent_in_chunks_is_measured_too(self, writer: Api) -> None:
        chunks = iter([b"x" * 65_536] * 17)
        writer.refused(413, "POST", self.path, content=chunks, headers=_as_json())

    def test_a_deleted_record_is_gone(self, writer: Api, record: Json) -> None:
        writer.delete(self.at(record))
        for method, body in (("GET", None), ("PATCH", self.change()), ("DELETE", None)):
            writer.refused(404, method, self.at(record), body)
        assert writer.items(self.path, id=record["id"]) == []

    def test_a_stale_delete_is_refused(self, writer: Api, record: Json) -> None:
        writer.refused(412, "DELETE", self.at(record), headers=stale(record))
        writer.delete(self.at(record), headers=current(record))


class UnencodableTextContract(Resource):
    """Text that PostgreSQL cannot take must not bring the connection out of step."""

    def test_it_is_refused_and_the_next_hundred_answers_are_right(self, writer: Api) -> None:
        records = [self.new(writer), self.new(writer)]
        for escape in ("\\ud800", "\\udfff", "a\\u0000b", "\\ud83d x"):
            content = f'{{"{self.label}": "{escape}"}}'.encode()
            for method, path in (("POST", self.path), ("PATCH", self.at(records[0]))):
                problem = writer.refused(422, method, path, content=content, headers=_as_json())
                assert pointers(problem) == [f"/{self.label}"]
        for turn in range(100):
            record = records[turn % 2]
            assert writer.get(self.at(record)) == record

    @pytest.mark.parametrize("text", ["%00", "a%00b"])
    def test_it_is_refused_in_a_query(self, writer: Api, record: Json, text: str) -> None:
        for parameter in (self.label, f"{self.label}__contains", "q", "sort", "cursor", "id"):
            asked = writer.send("GET", f"{self.path}?{parameter}={text}")
            assert asked.status_code in {400, 422}, asked.text
        assert writer.get(self.at(record)) == record

    @pytest.mark.parametrize("text", ["%ED%A0%80", "%FF", "%C3"])
    def test_a_query_that_is_no_text_finds_nothing(
        self, writer: Api, record: Json, text: str
    ) -> None:
        for parameter in (self.label, f"{self.label}__contains", "q", "sort", "cursor", "id"):
            asked = writer.send("GET", f"{self.path}?{parameter}={text}")
            assert asked.status_code in {400, 422} or asked.json()["items"] == [], asked.text
        assert writer.get(self.at(record)) == record


class TextContract(Resource):
    """Names are trimmed and bounded."""

    def test_a_name_is_trimmed(self, writer: Api) -> None:
        name = self.label_text("Trimmed")
        assert self.new(writer, **{self.label: f" \t{name}\n "})[self.label] == name

    @pytest.mark.parametrize("name", ["", "   ", "x" * 201, 7, ["x"]], ids=repr)
    def test_a_name_is_1_to_200_characters(self, writer: Api, record: Json, name: object) -> None:
        whole = {**self.body("Bounded"), self.label: name}
        for method, path, body in (
            ("POST", self.path, whole),
            ("PATCH", self.at(record), {self.label: name}),
        ):
            assert pointers(writer.refused(422, method, path, body)) == [f"/{self.label}"]

    def test_a_name_of_200_characters_is_fine(self, writer: Api) -> None:
        name = self.label_text("Long").ljust(200, "ż")
        assert self.new(writer, **{self.label: name})[self.label] == name


class NameContract(TextContract):
    """Names are unique too."""

    def test_a_name_is_taken_whatever_its_case(self, writer: Api, record: Json) -> None:
        taken = record[self.label].upper()
        assert self.label in str(writer.refused(409, "POST", self.path, self.body(taken)))
        other = self.new(writer)
        writer.refused(409, "PATCH", self.at(other), {self.label: taken})
        assert self.version(writer, other) == 1

    def test_a_record_may_change_the_case_of_its_own_name(self, writer: Api, record: Json) -> None:
        name = record[self.label].upper()
        assert writer.patch(self.at(record), {self.label: name})[self.label] == name


def _dumped(body: object) -> bytes:
    return json.dumps(body).encode()


def _as_json() -> dict[str, str]:
    return {"Content-Type": "application/json"}
