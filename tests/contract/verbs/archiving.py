"""Archiving: out of default lists, not to be changed, until it is restored."""

import pytest

from tests.contract.resource import TIMESTAMP, Resource, current, stale
from tests.contract.verbs.creating import fresh_key
from tests.contract.verbs.updating import COUNTED, without
from tests.support.api import Api, Json, pointers, slug


class ArchiveContract(Resource):
    cleared_with_it: frozenset[str] = frozenset()  # members that archiving changes too

    @pytest.fixture
    def archived(self, writer: Api, fresh: Json) -> Json:
        answer: Json = writer.act(f"{self.at(fresh)}/archive")
        return answer

    def test_archiving_sets_the_time_and_the_version(self, fresh: Json, archived: Json) -> None:
        assert fresh["archived_at"] is None
        assert TIMESTAMP.match(archived["archived_at"])
        assert archived["version"] == fresh["version"] + 1
        follows = {"archived_at"} | COUNTED | self.cleared_with_it
        assert without(archived, follows) == without(fresh, follows)

    def test_an_archived_record_can_still_be_read(self, writer: Api, kept: Json) -> None:
        assert writer.get(self.at(kept)) == kept

    def test_archiving_twice_changes_nothing(self, writer: Api, kept: Json) -> None:
        assert writer.act(f"{self.at(kept)}/archive") == kept

    def test_restoring_brings_it_back(self, writer: Api, archived: Json) -> None:
        restored = writer.act(f"{self.at(archived)}/restore")
        assert (restored["archived_at"], restored["version"]) == (None, archived["version"] + 1)
        assert writer.act(f"{self.at(archived)}/restore") == restored

    def test_restoring_what_is_live_changes_nothing(self, writer: Api, record: Json) -> None:
        assert writer.act(f"{self.at(record)}/restore") == record

    def test_lists_leave_it_out_unless_asked(self, writer: Api, record: Json, kept: Json) -> None:
        def found(**query: str) -> set[str]:
            return set(self.found(writer, [record, kept], **query))

        assert found() == found(archived="false") == {record["id"]}
        assert found(archived="true") == {kept["id"]}
        assert found(archived="any") == {record["id"], kept["id"]}

    def test_it_is_not_changed(self, writer: Api, kept: Json) -> None:
        for change in (self.change(), {}, {self.label: kept[self.label]}):
            problem = writer.refused(409, "PATCH", self.at(kept), change)
            assert slug(problem) == "record-archived"
        assert writer.get(self.at(kept)) == kept

    def test_a_stale_action_is_refused(self, writer: Api, fresh: Json) -> None:
        for action in ("archive", "restore"):
            path = f"{self.at(fresh)}/{action}"
            writer.refused(412, "POST", path, headers=stale(fresh))
            fresh = writer.act(path, headers=current(fresh))

    def test_a_retried_action_gets_the_first_answer_again(self, writer: Api, fresh: Json) -> None:
        key, path = fresh_key(), f"{self.at(fresh)}/archive"
        first, second = (writer.expect(200, "POST", path, headers=key) for _ in range(2))
        assert (second.json(), second.headers["idempotent-replayed"]) == (first.json(), "true")

    def test_a_reason_may_be_given_and_nothing_else(self, writer: Api, fresh: Json) -> None:
        path = f"{self.at(fresh)}/archive"
        assert pointers(writer.refused(422, "POST", path, {"colour": "red"})) == ["/colour"]
        assert writer.act(path, {"reason": "Worn out"})["archived_at"]

    def test_an_archived_record_can_be_deleted(self, writer: Api, archived: Json) -> None:
        writer.delete(self.at(archived))
        writer.refused(404, "GET", self.at(archived))
