"""Records that live below another: not found elsewhere, and stopped with it."""

from tests.contract.resource import NOBODYS_ID
from tests.contract.verbs.getting import ItemContract
from tests.support.api import Api, Json, slug
from tests.support.documented import PATHS
from tests.support.makers import ids_for
from tests.support.people import Tenant


class BelowContract(ItemContract):
    """What is listed and made below another record. `elsewhere` has other ids for the path."""

    def elsewhere(self, writer: Api) -> str:
        return self.path.format_map(ids_for(writer, self.path))

    def whole(self) -> str:
        return self.here.rpartition("/")[0]

    def test_it_is_not_below_another(self, writer: Api, record: Json) -> None:
        place = self.elsewhere(writer)
        assert writer.items(place, id=record["id"]) == []
        if self.item_path().startswith(self.path):
            below = self.at(record).removeprefix(self.here)
            for method, further in self.operations():
                path = place + below + further
                writer.expect(404, method, path, **self.sent(method))

    def test_it_cannot_be_where_nothing_is(self, writer: Api) -> None:
        last = self.path.rpartition("{")[2].partition("}")[0]
        for id_ in (NOBODYS_ID, "x", "%00"):
            place = self.path.format_map({**self.ids, last: id_})
            for query in ({}, {"sort": "-id", "count": "true"}):
                writer.expect(404, "GET", place, params=query)
            writer.expect(404, "POST", place, json=self.body(writer))

    def test_a_foreign_whole_is_none(self, writer: Api, other_tenant: Tenant) -> None:
        place = self.path.format_map(ids_for(other_tenant.admin, self.path))
        writer.expect(404, "GET", place)
        writer.expect(404, "POST", place, json=self.body(writer))

    def test_a_cursor_of_one_list_is_none_of_another(
        self, writer: Api, records: list[Json]
    ) -> None:
        assert records
        cursor = writer.get(self.here, limit=1)["next"]
        place = self.elsewhere(writer)
        problem = writer.refused(400, "GET", place, params={"limit": 1, "cursor": cursor})
        assert slug(problem) == "invalid-cursor"

    def test_of_an_archived_whole_nothing_is_changed(self, writer: Api) -> None:
        self.ids = ids_for(writer, self.path)  # those of the class stay as they are
        record = self.new(writer)
        writer.act(f"{self.whole()}/archive")
        problem = writer.refused(409, "POST", self.here, self.body(writer))
        assert slug(problem) == "record-archived"
        for method in PATHS[self.item_path()]:
            if method != "get":
                sent = self.sent(method.upper())
                problem = writer.expect(409, method.upper(), self.at(record), **sent).json()
                assert slug(problem) == "record-archived"
        assert self.found(writer, [record]) == self.found(writer, [record], archived="false") == []
        for archived in ("true", "any"):
            assert writer.items(self.here, id=record["id"], archived=archived) == [record]
        writer.act(f"{self.whole()}/restore")
        assert self.found(writer, [record]) == [record["id"]]


class PartContract(BelowContract):
    def test_it_goes_with_its_whole(self, writer: Api) -> None:
        self.ids = ids_for(writer, self.path)
        record = self.new(writer)
        writer.delete(self.whole())
        writer.refused(404, "GET", self.here)
        assert writer.items("/audit-events", record_id=record["id"], action="delete")
