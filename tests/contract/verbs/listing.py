"""A list of any resource: each filter, each sort, what is counted, chosen and embedded."""

from typing import Any, ClassVar

from tests.contract.resource import Resource
from tests.support.api import Api, Json, moment
from tests.support.documented import Filter, parameters
from tests.support.people import Tenant

BOUNDS = {"gte", "gt", "lte", "lt"}


class ListContract(Resource):
    page_members: ClassVar[Json] = {}  # what a page has besides

    def test_a_list_shows_records_as_they_were_made(self, writer: Api, records: list[Json]) -> None:
        ids = ",".join(record["id"] for record in records)
        page = writer.get(self.here, id__in=ids, sort="id")
        items = sorted(records, key=lambda r: str(r["id"]))
        assert page == {"items": items, "next": None, **self.page_members}

    def test_each_filter_finds_what_holds_its_value(
        self, writer: Api, records: list[Json], offered_filter: Filter
    ) -> None:
        name, values = offered_filter.name, {r["id"]: r.get(offered_filter.name) for r in records}
        value = values[records[0]["id"]]
        for is_null in (True, False):
            asked = {f"{name}__isnull": str(is_null).lower()}
            expected = {id_ for id_, held in values.items() if (held is None) is is_null}
            if "isnull" in offered_filter.operators:
                assert set(self.found(writer, records, **asked)) == expected
        if value is not None:
            asked = {name: written(value)}
            same = {id_ for id_, held in values.items() if held == value}
            assert set(self.found(writer, records, **asked)) == same
            assert set(self.found(writer, records, **{f"{name}__in": written(value)})) == same
            others = set(self.found(writer, records, **{f"{name}__ne": written(value)}))
            assert others == values.keys() - same

    def test_each_range_parts_the_list_in_two(
        self, writer: Api, records: list[Json], offered_filter: Filter
    ) -> None:
        name = offered_filter.name
        held = [record for record in records if record.get(name) is not None]
        if not (held and set(offered_filter.operators) >= BOUNDS):
            return
        asked = {f"{name}__{bound}": written(held[0][name]) for bound in BOUNDS}
        found = {p: set(self.found(writer, records, **{p: v})) for p, v in asked.items()}
        ids = {record["id"] for record in held}
        for low, high in (("lt", "gte"), ("lte", "gt")):
            below, above = found[f"{name}__{low}"], found[f"{name}__{high}"]
            assert (below | above, below & above) == (ids, set())
        assert held[0]["id"] in found[f"{name}__gte"] & found[f"{name}__lte"]

    def test_two_pages_by_each_sort_are_the_list(
        self, writer: Api, records: list[Json], offered_sort: str
    ) -> None:
        query = {"id__in": ",".join(record["id"] for record in records)}
        rising = writer.items(self.here, **query, sort=offered_sort)
        falling = writer.items(self.here, **query, sort=f"-{offered_sort}")
        assert rising == falling[::-1]
        assert writer.pages(self.here, **query, sort=offered_sort, limit=2) == rising
        assert writer.pages(self.here, **query, sort=f"-{offered_sort}", limit=2) == falling
        shown = [r[offered_sort] for r in rising]
        if offered_sort.endswith("_at"):
            shown = [value and moment(value) for value in shown]
        assert shown == sorted(shown, key=as_sorted)

    def test_what_is_found_is_counted(self, writer: Api, records: list[Json]) -> None:
        ids = ",".join(record["id"] for record in records)
        page = writer.get(self.here, id__in=ids, count="true", limit=1)
        assert (page["total"], len(page["items"])) == (len(records), 1)

    def test_members_are_chosen(self, writer: Api, record: Json) -> None:
        for name in record:
            assert writer.items(self.here, id=record["id"], fields=name) == [{name: record[name]}]

    def test_references_are_embedded(self, writer: Api, record: Json) -> None:
        if "expand" not in parameters(self.path):
            return
        names = writer.refused(400, "GET", f"{self.here}?expand=colour")["allowed"]
        (shown,) = writer.items(self.here, id=record["id"], expand=",".join(names))
        columns = {embedded: column for column, embedded in self.called.items()}
        for name in names:
            assert (shown[name] or {}).get("id") == record[columns.get(name, f"{name}_id")]

    def test_a_search_finds_it(self, writer: Api, record: Json) -> None:
        if "q" in parameters(self.path):
            found = writer.items(self.here, q=record[self.label].split()[-1].upper())
            assert [item["id"] for item in found] == [record["id"]]

    def test_a_foreign_record_is_not_listed(self, writer: Api, other_tenant: Tenant) -> None:
        foreign = self.new_of(other_tenant)
        page = writer.get(self.here, id=foreign["id"], count="true")
        assert (page["items"], page["total"]) == ([], 0)


def written(value: Any) -> str:
    """As a query string has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_sorted(value: Any) -> tuple[bool, Any]:
    """Where a value stands: texts whatever their case, null behind all."""
    return value is None, value.casefold() if isinstance(value, str) else value or 0
