"""Bodies: what is read at all, and what no body gets through."""

import json
import unicodedata
from typing import Any

import pytest

from tests.contract.resource import Resource
from tests.support.api import Api, Json, pointers
from tests.support.documented import body

NOT_AN_OBJECT: list[Any] = [[], "text", 7, None, True]
MEBIBYTE = 1024 * 1024
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# A zero-width space, an override and an isolate of direction, a mark of byte order.
UNSEEN = "\u200b\u202e\u2066\ufeff"
ONE_LINE_ONLY = (
    *("bell\a", "two\nlines", "two\u2028lines", "\u200d"),
    *(f"a{sign}b" for sign in UNSEEN),
)


class BodyContract(Resource):
    @pytest.mark.parametrize("body", NOT_AN_OBJECT, ids=repr)
    def test_a_body_that_is_no_object_is_refused(
        self, writer: Api, record: Json, body: object
    ) -> None:
        writer.refused(422, "POST", self.here, content=dumped(body), headers=as_json())
        writer.refused(422, "PATCH", self.at(record), content=dumped(body), headers=as_json())

    @pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"name": "a"} x', b"{'a': 1}"])
    def test_a_body_that_is_no_json_is_malformed(self, writer: Api, content: bytes) -> None:
        problem = writer.send("POST", self.here, content=content, headers=as_json())
        assert problem.status_code in {400, 422}

    def test_a_body_may_be_left_out_where_nothing_is_required(self, writer: Api) -> None:
        answer = writer.send("POST", self.here, content=b"", headers=as_json())
        assert answer.status_code == (422 if body("POST", self.path).get("required") else 201)

    def test_a_body_nested_without_end_is_refused(self, writer: Api) -> None:
        content = b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        problem = writer.send("POST", self.here, content=content, headers=as_json())
        assert problem.status_code in {400, 422}

    @pytest.mark.parametrize("media", ["application/json", "application/merge-patch+json"])
    def test_both_media_types_are_taken(self, writer: Api, fresh: Json, media: str) -> None:
        changed = writer.patch(self.at(fresh), self.change(), headers={"Content-Type": media})
        assert changed["version"] == 2

    @pytest.mark.parametrize("media", [*FORMS, "text/plain", "application/xml"])
    def test_only_json_is_taken(self, writer: Api, record: Json, media: str) -> None:
        content, headers = dumped(self.change()), {"Content-Type": media}
        writer.refused(415, "POST", self.here, content=content, headers=headers)
        writer.refused(415, "PATCH", self.at(record), content=content, headers=headers)

    def test_the_character_set_of_json_may_be_named(self, writer: Api) -> None:
        content = dumped(self.body(writer))
        media = {"Content-Type": "application/json; charset=utf-8"}
        writer.expect(201, "POST", self.here, content=content, headers=media)

    def test_a_body_over_a_mebibyte_is_too_large(self, writer: Api) -> None:
        content = dumped({self.label: "x" * MEBIBYTE})
        writer.refused(413, "POST", self.here, content=content, headers=as_json())

    def test_a_body_sent_in_chunks_is_measured_too(self, writer: Api) -> None:
        chunks = iter([b"x" * 65_536] * 17)
        writer.refused(413, "POST", self.here, content=chunks, headers=as_json())


class TextContract(Resource):
    """Names: one line that can be seen, trimmed."""

    def test_a_name_is_trimmed(self, writer: Api) -> None:
        name = self.label_text("Trimmed")
        assert self.new(writer, **{self.label: f" \t{name}\n "})[self.label] == name

    @pytest.mark.parametrize("name", ["", " \t\u00a0\n", 7, ["x"]], ids=ascii)
    def test_a_name_is_a_text_of_a_letter_or_more(
        self, writer: Api, record: Json, name: object
    ) -> None:
        for method, path, sent in (
            ("POST", self.here, self.body_with(writer, **{self.label: name})),
            ("PATCH", self.at(record), {self.label: name}),
        ):
            assert pointers(writer.refused(422, method, path, sent)) == [f"/{self.label}"]

    @pytest.mark.parametrize("text", ONE_LINE_ONLY, ids=ascii)
    def test_a_name_is_one_line_that_can_be_seen(
        self, writer: Api, record: Json, text: str
    ) -> None:
        problem = writer.refused(422, "PATCH", self.at(record), {self.label: text})
        assert pointers(problem) == [f"/{self.label}"]

    def test_a_name_of_200_characters_is_fine(self, writer: Api) -> None:
        name = self.label_text("Long").ljust(200, "ż")
        apart = unicodedata.normalize("NFD", name)
        assert self.named(writer, apart)[self.label] == name

    def test_a_name_is_one_however_its_accents_come(self, writer: Api, fresh: Json) -> None:
        for form in ("NFD", "NFC"):
            name = self.label_text("Zo\u00eb \u1ed9 \uac00")
            for escaped in (True, False):
                change = {self.label: unicodedata.normalize(form, name)}
                content = json.dumps(change, ensure_ascii=escaped).encode()
                sent = {"content": content, "headers": as_json()}
                changed = writer.expect(200, "PATCH", self.at(fresh), **sent).json()
                assert changed[self.label] == name

    def test_a_name_keeps_what_scripts_and_emoji_need(self, writer: Api) -> None:
        name = self.label_text("\u0645\u06cc\u200c\u062e \u0dc1\u200d \u2764\ufe0f")
        assert self.named(writer, name)[self.label] == name


class UnencodableTextContract(Resource):
    """Text that PostgreSQL cannot take must not bring the connection out of step."""

    def test_it_is_refused_and_the_next_hundred_answers_are_right(
        self, writer: Api, records: list[Json]
    ) -> None:
        for escape in ("\\ud800", "\\udfff", "a\\u0000b", "\\ud83d x"):
            content = f'{{"{self.label}": "{escape}"}}'.encode()
            for method, path in (("POST", self.here), ("PATCH", self.at(records[0]))):
                problem = writer.refused(422, method, path, content=content, headers=as_json())
                assert f"/{self.label}" in pointers(problem)
        for turn in range(100):
            record = records[turn % 2]
            assert writer.get(self.at(record)) == record

    @pytest.mark.parametrize("text", ["%00", "a%00b", "%ED%A0%80", "%FF", "%C3"])
    def test_it_is_refused_in_a_query(self, writer: Api, record: Json, text: str) -> None:
        for parameter in (self.label, f"{self.label}__contains", "q", "sort", "cursor", "id"):
            writer.refused(400, "GET", f"{self.here}?{parameter}={text}")
        writer.refused(400, "GET", f"{self.here}?{text}={record['id']}")
        assert writer.get(self.at(record)) == record


def dumped(body: object) -> bytes:
    return json.dumps(body).encode()


def as_json() -> dict[str, str]:
    return {"Content-Type": "application/json"}
