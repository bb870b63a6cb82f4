"""Sorts, and paging by key: a cursor that is bound to its list, pages that neither skip nor
repeat."""

import re
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.contract.kernel.filters import LetteredContract
from tests.support.api import Api, Json, slug

ALPHABETICAL = ("apfel", "Apfel 2", "\u00c4pfel 3", "Birne", "\u00e9mile", "Zebra", "zoo", "zoo 2")


class SortContract(LetteredContract):
    def test_the_sort_goes_both_ways(self, writer: Api) -> None:
        records = self.lettered(writer, "caebd")
        assert self.listed(writer, records, sort=self.label) == "abcde"
        assert self.listed(writer, records, sort=f"-{self.label}") == "edcba"
        assert self.listed(writer, records, sort="updated_at") == "caebd"
        assert self.listed(writer, records, sort="-updated_at") == "dbeac"

    def test_texts_are_sorted_alphabetically(self, writer: Api) -> None:
        word = self.label_text("sorted")
        mixed = [*ALPHABETICAL[1::2], *ALPHABETICAL[::2]]
        records = [self.new(writer, **{self.label: f"{word} {text}"}) for text in mixed]
        query = {"id__in": ",".join(record["id"] for record in records), "sort": self.label}
        expected = [f"{word} {text}" for text in ALPHABETICAL]
        assert [r[self.label] for r in writer.items(self.here, **query)] == expected
        assert [r[self.label] for r in writer.pages(self.here, **query, limit=3)] == expected
        beyond = {f"{self.label}__gt": f"{word} EMILE"}
        found = writer.items(self.here, **query, **beyond)
        assert [r[self.label] for r in found] == expected[5:]

    def test_a_further_sort_decides_between_equals(self, writer: Api, letters: list[Json]) -> None:
        ids = ",".join(record["id"] for record in letters)
        for sort in (f"updated_at,-{self.label}", f"-updated_at,{self.label},id"):
            listed = writer.items(self.here, id__in=ids, sort=sort)
            for limit in (1, 2):
                assert writer.pages(self.here, id__in=ids, sort=sort, limit=limit) == listed
            assert len(listed) == len(letters)

    def test_a_field_is_sorted_by_once(self, writer: Api) -> None:
        for sort in ("id,id", f"{self.label},-{self.label}"):
            writer.refused(400, "GET", f"{self.here}?sort={sort}")


class PagingContract(LetteredContract):
    @pytest.mark.parametrize("limit", [1, 2, 5])
    @pytest.mark.parametrize("order", ["{label}", "-{label}", "-created_at", "updated_at"])
    def test_pages_put_together_are_the_list(
        self, writer: Api, letters: list[Json], order: str, limit: int
    ) -> None:
        query = {**self.only(letters), "sort": order.format(label=self.label)}
        paged = writer.pages(self.here, **query, limit=limit)
        assert paged == writer.items(self.here, **query)
        assert len(paged) == 5

    def test_pages_without_a_sort_are_the_list_too(self, writer: Api, letters: list[Json]) -> None:
        paged = writer.pages(self.here, **self.only(letters), limit=2)
        assert paged == writer.items(self.here, **self.only(letters))
        assert sorted(r["id"] for r in paged) == sorted(r["id"] for r in letters)

    def test_fields_do_not_hinder_paging(self, writer: Api, letters: list[Json]) -> None:
        query = {**self.only(letters), "fields": "id", "sort": f"-{self.label}"}
        expected = [{"id": record["id"]} for record in reversed(letters)]
        assert writer.pages(self.here, **query, limit=2) == expected

    @pytest.mark.parametrize("sort", ["{label}", "-{label}"])
    def test_inserts_during_paging_neither_skip_nor_repeat(self, writer: Api, sort: str) -> None:
        records = self.lettered(writer, "bdfh")
        query = {**self.only(records), "sort": sort.format(label=self.label), "limit": 2}
        page = writer.get(self.here, **query)
        for letter in "aceg":
            self.new(writer, **{self.label: records[0][self.label][:-1] + letter})
        rest = writer.pages(self.here, **query, cursor=page["next"])
        seen = [item["id"] for item in page["items"] + rest]
        assert len(seen) == len(set(seen))
        assert {record["id"] for record in records} <= set(seen)

    def test_deleting_the_last_record_seen_does_not_hinder_paging(self, writer: Api) -> None:
        records = self.lettered(writer)
        query = {**self.only(records), "sort": self.label, "limit": 2}
        page = writer.get(self.here, **query)
        writer.delete(self.at(page["items"][-1]))
        rest = writer.pages(self.here, **query, cursor=page["next"])
        assert [item[self.label][-1] for item in rest] == ["c", "d", "e"]

    def test_the_link_header_leads_to_the_next_page(self, writer: Api, letters: list[Json]) -> None:
        query: dict[str, Any] = {**self.only(letters), "sort": self.label, "limit": 3}
        first = writer.expect(200, "GET", self.here, params=query)
        match = re.fullmatch(r'<(.+)>; rel="next"', first.headers["link"])
        assert match
        assert match[1].startswith(str(writer.http.base_url))
        second = writer.expect(200, "GET", match[1])
        assert second.json()["items"] == letters[3:]
        assert "link" not in second.headers

    def test_a_link_that_headers_have_no_room_for_is_left_out(
        self, writer: Api, letters: list[Json]
    ) -> None:
        short, long = ({**self.only(letters), "limit": 3, "fields": "id," * n} for n in (9, 3_000))
        assert len(writer.expect(200, "GET", self.here, params=short).headers["link"]) < 8 * 1024
        first = writer.expect(200, "GET", self.here, params=long)
        assert "link" not in first.headers
        second = writer.get(self.here, **long, cursor=first.json()["next"])
        assert len(first.json()["items"] + second["items"]) == 5

    def test_the_total_is_that_of_all_pages(self, writer: Api, letters: list[Json]) -> None:
        query = {**self.only(letters), "count": "true", "limit": 2}
        page = writer.get(self.here, **query)
        assert (page["total"], len(page["items"])) == (5, 2)
        assert writer.get(self.here, **query, cursor=page["next"])["total"] == 5
        assert "total" not in writer.get(self.here, **self.only(letters), count="false")

    def test_the_limit_may_change_from_page_to_page(self, writer: Api, letters: list[Json]) -> None:
        query = {**self.only(letters), "sort": self.label}
        page = writer.get(self.here, **query, limit=1)
        assert writer.items(self.here, **query, limit=200, cursor=page["next"]) == letters[1:]

    def test_a_cursor_of_another_sort_is_refused(self, writer: Api, letters: list[Json]) -> None:
        cursor = self.cursor(writer, letters)
        for other in (f"-{self.label}", "created_at"):
            self.refuses(writer, **self.only(letters), sort=other, cursor=cursor)
        self.refuses(writer, **self.only(letters), cursor=cursor)

    def test_a_cursor_of_other_filters_is_refused(self, writer: Api, letters: list[Json]) -> None:
        cursor = self.cursor(writer, letters)
        self.refuses(writer, sort=self.label, cursor=cursor)
        self.refuses(writer, **self.only(letters), version=1, sort=self.label, cursor=cursor)
        self.refuses(writer, **self.only(letters), q="x", sort=self.label, cursor=cursor)

    def test_a_damaged_cursor_is_refused(self, writer: Api, letters: list[Json]) -> None:
        cursor = self.cursor(writer, letters)
        middle = len(cursor) // 2
        flipped = "A" if cursor[middle] != "A" else "B"
        damaged = [
            cursor[:-3],
            cursor[3:],
            "x",
            cursor + "AAAA",
            "e30",
            "bnVsbA",
            "W10=",
            cursor + "=",
        ]
        damaged.append(cursor[:middle] + flipped + cursor[middle + 1 :])
        for text in damaged:
            self.refuses(writer, **self.only(letters), sort=self.label, cursor=text)

    @pytest.mark.parametrize(
        "payload",
        ['["0001-01-01T00:00:00+23:59","x"]', "[" * 10_000, '[{"a":1},"x"]', '["2027-01-31","x"]'],
        ids=("overflow", "nesting", "object", "day"),
    )
    def test_a_forged_cursor_is_refused(self, writer: Api, payload: str) -> None:
        cursor = urlsafe_b64encode(bytes(16) + payload.encode()).decode().rstrip("=")
        self.refuses(writer, sort="updated_at", cursor=cursor)
        unknown = writer.bearing(f"{writer.token}"[:-1] + "_")
        asked = {"sort": "updated_at", "cursor": cursor}
        unknown.refused(401, "GET", self.here, params=asked)

    def cursor(self, writer: Api, records: list[Json]) -> str:
        page = writer.get(self.here, **self.only(records), sort=self.label, limit=2)
        return str(page["next"])

    def refuses(self, writer: Api, **query: Any) -> None:
        assert slug(writer.refused(400, "GET", self.here, params=query)) == "invalid-cursor"
