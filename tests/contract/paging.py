"""Paging by key: a cursor that is bound to its list, and pages that neither skip nor repeat."""

import re
from typing import Any

import pytest

from tests.contract.listing import ListContract
from tests.support.api import Api, Json


class PagingContract(ListContract):
    @pytest.mark.parametrize("limit", [1, 2, 5])
    @pytest.mark.parametrize("order", ["{label}", "-{label}", "version", "-version", "-created_at"])
    def test_pages_put_together_are_the_list(self, writer: Api, order: str, limit: int) -> None:
        records = self.several(writer)
        query = {**self.only(records), "sort": order.format(label=self.label)}
        paged = writer.pages(self.path, **query, limit=limit)
        assert paged == writer.items(self.path, **query)
        assert len(paged) == 5

    def test_pages_without_a_sort_are_the_list_too(self, writer: Api) -> None:
        records = self.several(writer)
        paged = writer.pages(self.path, **self.only(records), limit=2)
        assert paged == writer.items(self.path, **self.only(records))
        assert sorted(r["id"] for r in paged) == sorted(r["id"] for r in records)

    def test_fields_do_not_hinder_paging(self, writer: Api) -> None:
        records = self.several(writer)
        query = {**self.only(records), "fields": "id", "sort": f"-{self.label}"}
        expected = [{"id": record["id"]} for record in reversed(records)]
        assert writer.pages(self.path, **query, limit=2) == expected

    @pytest.mark.parametrize("sort", ["{label}", "-{label}"])
    def test_inserts_during_paging_neither_skip_nor_repeat(self, writer: Api, sort: str) -> None:
        records = self.several(writer, ("b", "d", "f", "h"))
        query = {**self.only(records), "sort": sort.format(label=self.label), "limit": 2}
        page = writer.get(self.path, **query)
        for letter in "aceg":
            self.new(writer, **{self.label: records[0][self.label][:-1] + letter})
        rest = writer.pages(self.path, **query, cursor=page["next"])
        seen = [item["id"] for item in page["items"] + rest]
        assert len(seen) == len(set(seen))
        assert {record["id"] for record in records} <= set(seen)

    def test_deleting_the_last_record_seen_does_not_hinder_paging(self, writer: Api) -> None:
        records = self.several(writer)
        query = {**self.only(records), "sort": self.label, "limit": 2}
        page = writer.get(self.path, **query)
        writer.delete(self.at(page["items"][-1]))
        rest = writer.pages(self.path, **query, cursor=page["next"])
        assert [item[self.label][-1] for item in rest] == ["c", "d", "e"]

    def test_the_link_header_leads_to_the_next_page(self, writer: Api) -> None:
        records = self.several(writer)
        query: dict[str, Any] = {**self.only(records), "sort": self.label, "limit": 3}
        first = writer.expect(200, "GET", self.path, params=query)
        match = re.fullmatch(r'<(.+)>; rel="next"', first.headers["link"])
        assert match
        assert match[1].startswith(str(writer.http.base_url))
        second = writer.expect(200, "GET", match[1])
        assert second.json()["items"] == records[3:]
        assert "link" not in second.headers

    def test_the_limit_may_change_from_page_to_page(self, writer: Api) -> None:
        records = self.several(writer)
        query = {**self.only(records), "sort": self.label}
        page = writer.get(self.path, **query, limit=1)
        assert writer.items(self.path, **query, limit=200, cursor=page["next"]) == records[1:]

    def test_a_cursor_of_another_sort_is_refused(self, writer: Api) -> None:
        records = self.several(writer)
        cursor = self.cursor(writer, records, sort=self.label)
        for other in (f"-{self.label}", "created_at"):
            self.refuses(writer, **self.only(records), sort=other, cursor=cursor)
        self.refuses(writer, **self.only(records), cursor=cursor)

    def test_a_cursor_of_other_filters_is_refused(self, writer: Api) -> None:
        records = self.several(writer)
        cursor = self.cursor(writer, records, sort=self.label)
        self.refuses(writer, sort=self.label, cursor=cursor)
        self.refuses(writer, **self.only(records), version=1, sort=self.label, cursor=cursor)
        self.refuses(writer, **self.only(records), q="x", sort=self.label, cursor=cursor)

    def test_a_damaged_cursor_is_refused(self, writer: Api) -> None:
        records = self.several(writer)
        cursor = self.cursor(writer, records, sort=self.label)
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
            self.refuses(writer, **self.only(records), sort=self.label, cursor=text)

    def cursor(self, writer: Api, records: list[Json], **query: Any) -> str:
        page = writer.get(self.path, **self.only(records), **query, limit=2)
        return str(page["next"])

    def refuses(self, writer: Api, **query: Any) -> None:
        writer.refused(400, "GET", self.path, params=query)
