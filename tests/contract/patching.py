"""Changing a record: a merge patch (RFC 7396), guarded by If-Match where the caller asks."""

import pytest

from tests.contract.resource import TIMESTAMP, Resource, current, stale
from tests.support.api import Api, Json, pointers
from tests.support.races import at_once

SOMETHING = "Something to look after"
PATCHED = {"version", "updated_at"}


class PatchContract(Resource):
    def extra(self) -> Json:
        return {self.optional: SOMETHING} if self.optional else {}

    def test_what_is_absent_is_untouched(self, writer: Api) -> None:
        record = self.new(writer, **self.extra())
        change = self.change()
        changed = writer.patch(self.at(record), change)
        expected = {**record, **change}
        follows = PATCHED.union(self.derived)
        assert _without(changed, follows) == _without(expected, follows)
        assert changed["version"] == 2
        assert TIMESTAMP.match(changed["updated_at"])
        assert changed["updated_at"] > record["updated_at"]
        assert writer.get(self.at(record)) == changed

    @pytest.mark.parametrize("media", ["application/json", "application/merge-patch+json"])
    def test_both_media_types_are_taken(self, writer: Api, record: Json, media: str) -> None:
        changed = writer.patch(self.at(record), self.change(), headers={"Content-Type": media})
        assert changed["version"] == 2

    def test_what_changes_nothing_changes_no_version(self, writer: Api, record: Json) -> None:
        for same in ({}, {self.label: record[self.label]}):
            response = writer.expect(200, "PATCH", self.at(record), json=same)
            assert response.json() == record
            assert response.headers["etag"] == '"1"'

    def test_what_is_required_cannot_be_cleared(self, writer: Api, record: Json) -> None:
        problem = writer.refused(422, "PATCH", self.at(record), {self.label: None})
        assert pointers(problem) == [f"/{self.label}"]

    def test_a_stale_version_is_refused_and_changes_nothing(
        self, writer: Api, record: Json
    ) -> None:
        writer.refused(412, "PATCH", self.at(record), self.change(), headers=stale(record))
        assert writer.get(self.at(record)) == record

    @pytest.mark.parametrize("tag", ['"1"', '"5", "1"', "*"])
    def test_the_current_version_is_let_through(self, writer: Api, record: Json, tag: str) -> None:
        headers = {"If-Match": tag}
        assert writer.patch(self.at(record), self.change(), headers=headers)["version"] == 2

    def test_a_stale_patch_that_would_change_nothing_is_refused_too(
        self, writer: Api, record: Json
    ) -> None:
        writer.refused(412, "PATCH", self.at(record), {}, headers=stale(record))

    def test_without_if_match_the_last_write_wins(self, writer: Api, record: Json) -> None:
        first, second = self.change(), self.change()
        writer.patch(self.at(record), first)
        assert writer.patch(self.at(record), second)[self.label] == second[self.label]

    def test_of_concurrent_patches_of_one_version_one_wins(self, writer: Api, record: Json) -> None:
        def attempt() -> int:
            sent = {"json": self.change(), "headers": current(record)}
            return writer.send("PATCH", self.at(record), **sent).status_code

        answers = at_once([attempt] * 8)
        assert sorted(answers) == [200] + [412] * 7
        assert self.version(writer, record) == 2

    def test_concurrent_patches_each_count(self, writer: Api, record: Json) -> None:
        at_once([lambda: writer.patch(self.at(record), self.change())] * 8)
        assert self.version(writer, record) == 9


class ClearableContract(PatchContract):
    def test_null_clears(self, writer: Api) -> None:
        record = self.new(writer, **self.extra())
        assert record[self.optional] == SOMETHING
        assert writer.patch(self.at(record), {self.optional: None})[self.optional] is None
        assert writer.get(self.at(record))[self.optional] is None

    def test_null_for_what_is_null_changes_nothing(self, writer: Api, record: Json) -> None:
        assert record[self.optional] is None
        assert writer.patch(self.at(record), {self.optional: None})["version"] == 1


def _without(record: Json, members: set[str]) -> Json:
    return {key: value for key, value in record.items() if key not in members}
