"""Archiving: out of default lists, not to be changed, its name freed, until it is restored."""

import pytest

from tests.contract.resource import TIMESTAMP, Resource, current, stale
from tests.support.api import Api, Json, pointers, slug


class ArchiveContract(Resource):
    @pytest.fixture
    def archived(self, writer: Api, record: Json) -> Json:
        answer: Json = writer.act(f"{self.at(record)}/archive")
        return answer

    def test_archiving_sets_the_time_and_the_version(self, record: Json, archived: Json) -> None:
        assert record["archived_at"] is None
        assert TIMESTAMP.match(archived["archived_at"])
        assert archived["version"] == 2
        ignored = {"archived_at", "updated_at", "version"}
        assert {k: archived[k] for k in record if k not in ignored} == {
            k: record[k] for k in record if k not in ignored
        }

    def test_an_archived_record_can_still_be_read(self, writer: Api, archived: Json) -> None:
        assert writer.get(self.at(archived)) == archived

    def test_archiving_twice_changes_nothing(self, writer: Api, archived: Json) -> None:
        response = writer.expect(200, "POST", f"{self.at(archived)}/archive")
        assert response.json() == archived
        assert response.headers["etag"] == '"2"'

    def test_restoring_brings_it_back(self, writer: Api, archived: Json) -> None:
        restored = writer.act(f"{self.at(archived)}/restore")
        assert (restored["archived_at"], restored["version"]) == (None, 3)
        assert writer.act(f"{self.at(archived)}/restore") == restored

    def test_restoring_what_is_live_changes_nothing(self, writer: Api, record: Json) -> None:
        assert writer.act(f"{self.at(record)}/restore") == record

    def test_lists_leave_it_out_unless_asked(self, writer: Api, archived: Json) -> None:
        live = self.new(writer)
        both = f"{archived['id']},{live['id']}"

        def found(**query: str) -> set[str]:
            return {item["id"] for item in writer.items(self.path, id__in=both, **query)}

        assert found() == found(archived="false") == {live["id"]}
        assert found(archived="true") == {archived["id"]}
        assert found(archived="any") == {archived["id"], live["id"]}

    def test_archived_takes_true_false_and_any(self, writer: Api) -> None:
        for word in ("maybe", "", "1,0"):
            writer.refused(400, "GET", f"{self.path}?archived={word}")

    @pytest.mark.parametrize("sort", ["archived_at", "-archived_at"])
    @pytest.mark.parametrize("limit", [1, 2, 3])
    def test_a_sort_by_what_is_sometimes_null_pages_well(
        self, writer: Api, sort: str, limit: int
    ) -> None:
        records = [self.new(writer) for _ in range(5)]
        for record in records[1:4]:
            writer.act(f"{self.at(record)}/archive")
        query = {"id__in": ",".join(r["id"] for r in records), "archived": "any", "sort": sort}
        paged = writer.pages(self.path, **query, limit=limit)
        assert paged == writer.items(self.path, **query)
        assert sorted(r["id"] for r in paged) == sorted(r["id"] for r in records)
        times = [r["archived_at"] for r in paged if r["archived_at"]]
        assert times == sorted(times, reverse=sort.startswith("-"))

    def test_it_is_not_changed(self, writer: Api, archived: Json) -> None:
        for change in (self.change(), {}, {self.label: archived[self.label]}):
            problem = writer.refused(409, "PATCH", self.at(archived), change)
            assert slug(problem) == "record-archived"
        assert writer.get(self.at(archived)) == archived

    def test_a_stale_action_is_refused(self, writer: Api, record: Json) -> None:
        for action in ("archive", "restore"):
            path = f"{self.at(record)}/{action}"
            writer.refused(412, "POST", path, headers=stale(record))
            record = writer.act(path, headers=current(record))

    def test_a_reason_may_be_given_and_nothing_else(self, writer: Api, record: Json) -> None:
        path = f"{self.at(record)}/archive"
        assert pointers(writer.refused(422, "POST", path, {"colour": "red"})) == ["/colour"]
        assert writer.act(path, {"reason": "Worn out"})["archived_at"]
        assert writer.act(path, {})["version"] == 2

    def test_archiving_what_does_not_exist_is_not_found(self, writer: Api) -> None:
        for id_ in ("x", "01J0000000000000000000000Z"):
            for action in ("archive", "restore"):
                writer.refused(404, "POST", f"{self.path}/{id_}/{action}")

    def test_an_archived_record_can_be_deleted(self, writer: Api, archived: Json) -> None:
        writer.delete(self.at(archived))
        writer.refused(404, "GET", self.at(archived))


class FreedNameContract(ArchiveContract):
    def test_its_name_is_free(self, writer: Api, archived: Json) -> None:
        again = self.new(writer, **{self.label: archived[self.label].upper()})
        assert again["id"] != archived["id"]

    def test_it_cannot_be_restored_while_its_name_is_taken(
        self, writer: Api, archived: Json
    ) -> None:
        again = self.new(writer, **{self.label: archived[self.label]})
        writer.refused(409, "POST", f"{self.at(archived)}/restore")
        writer.patch(self.at(again), self.change())
        assert writer.act(f"{self.at(archived)}/restore")["archived_at"] is None
