"""Lists: filters, sort, search, fields, count. Each test narrows to the records it made."""

import pytest

from tests.contract.resource import Resource
from tests.support.api import Api, Json

LETTERS = ("a", "b", "c", "d", "e")


class ListContract(Resource):
    def several(self, writer: Api, letters: tuple[str, ...] = LETTERS) -> list[Json]:
        """Records whose labels begin alike and end in a letter each, in that order."""
        word = self.label_text("listed")
        return [self.new(writer, **{self.label: f"{word}.{letter}"}) for letter in letters]

    def only(self, records: list[Json]) -> dict[str, str]:
        return {f"{self.label}__startswith": records[0][self.label][:-1]}

    def listed(self, writer: Api, records: list[Json], **query: object) -> str:
        """The letters of the records that a list answers with."""
        items = writer.items(self.path, **{**self.only(records), "sort": self.label, **query})
        return "".join(item[self.label][-1] for item in items)

    def test_a_list_is_items_and_next(self, writer: Api) -> None:
        records = self.several(writer)
        page = writer.get(self.path, **self.only(records), sort=self.label)
        assert page == {"items": records, "next": None}

    def test_an_empty_list_is_a_list(self, writer: Api, record: Json) -> None:
        page = writer.get(self.path, id=record["id"], version=99, count="true")
        assert page == {"items": [], "next": None, "total": 0}

    @pytest.mark.parametrize(
        ("operator", "letters", "found"),
        [
            ("", "c", "c"),
            ("", "ad", "ad"),
            ("__in", "ad", "ad"),
            ("__in", "b", "b"),
            ("__ne", "c", "abde"),
            ("__gt", "c", "de"),
            ("__gte", "c", "cde"),
            ("__lt", "c", "ab"),
            ("__lte", "c", "abc"),
            ("__contains", "c", "c"),
            ("__startswith", "c", "c"),
        ],
    )
    def test_a_text_is_filtered_by(
        self, writer: Api, operator: str, letters: str, found: str
    ) -> None:
        records = self.several(writer)
        prefix = records[0][self.label][:-1]
        asked = ",".join(prefix + letter for letter in letters)
        narrowed = {f"{self.label}{operator}": asked, "id__in": ",".join(r["id"] for r in records)}
        items = writer.items(self.path, **narrowed, sort=self.label)
        assert "".join(item[self.label][-1] for item in items) == found

    def test_a_repeated_filter_is_any_of(self, writer: Api) -> None:
        records = self.several(writer)
        asked = {self.label: [records[0][self.label], records[2][self.label]]}
        assert self.listed(writer, records, **asked) == "ac"

    def test_two_filters_both_hold(self, writer: Api) -> None:
        records = self.several(writer)
        label = records[0][self.label][:-1]
        asked = {f"{self.label}__gt": f"{label}a", f"{self.label}__lt": f"{label}d"}
        assert self.listed(writer, records, **asked) == "bc"

    @pytest.mark.parametrize(
        ("operator", "found"),
        [("", "c"), ("__ne", "abde"), ("__gt", "de"), ("__gte", "cde"), ("__lt", "ab")],
    )
    def test_a_timestamp_is_filtered_by_to_the_last_digit(
        self, writer: Api, operator: str, found: str
    ) -> None:
        records = self.several(writer)
        asked = {f"created_at{operator}": records[2]["created_at"]}
        assert self.listed(writer, records, **asked) == found

    def test_a_number_is_filtered_by(self, writer: Api) -> None:
        records = self.several(writer)
        writer.patch(self.at(records[1]), {self.label: records[1][self.label][:-1] + "z"})
        assert self.listed(writer, records, version=2) == "z"
        assert self.listed(writer, records, version__gte=1) == "acdez"
        assert self.listed(writer, records, version__in="1,2") == "acdez"

    def test_null_is_filtered_by(self, writer: Api) -> None:
        records = self.several(writer)
        assert self.listed(writer, records, updated_at__isnull="false") == "abcde"
        assert self.listed(writer, records, updated_at__isnull="true") == ""

    @pytest.mark.parametrize("text", ["%", "_", "\\", "%a", "a%"])
    def test_wildcards_are_letters_like_others(self, writer: Api, text: str) -> None:
        records = self.several(writer)
        for parameter in (f"{self.label}__contains", "q"):
            assert self.listed(writer, records, **{parameter: text}) == ""

    def test_the_sort_goes_both_ways(self, writer: Api) -> None:
        records = self.several(writer, ("c", "a", "e", "b", "d"))
        assert self.listed(writer, records, sort=self.label) == "abcde"
        assert self.listed(writer, records, sort=f"-{self.label}") == "edcba"
        assert self.listed(writer, records, sort="created_at") == "caebd"
        assert self.listed(writer, records, sort="-created_at") == "dbeac"
        assert self.listed(writer, records, sort=f"version,-{self.label}") == "edcba"

    def test_the_total_is_counted_when_asked_for(self, writer: Api) -> None:
        records = self.several(writer)
        page = writer.get(self.path, **self.only(records), count="true", limit=2)
        assert (page["total"], len(page["items"])) == (5, 2)
        following = writer.get(
            self.path, **self.only(records), count="true", limit=2, cursor=page["next"]
        )
        assert following["total"] == 5
        assert "total" not in writer.get(self.path, **self.only(records), count="false")

    def test_just_the_fields_asked_for_are_answered(self, writer: Api) -> None:
        records = self.several(writer)
        asked = {**self.only(records), "fields": f"id,{self.label}", "sort": self.label}
        expected = [{"id": r["id"], self.label: r[self.label]} for r in records]
        assert writer.items(self.path, **asked) == expected

    @pytest.mark.parametrize(
        "query",
        [
            "colour=red",
            "limit__gte=3",
            "sort=colour",
            "sort=name,colour",
            "fields=id,colour",
            "expand=colour",
            "NAME=x",
            "offset=10",
            "id__colour=1",
            "__gte=1",
        ],
    )
    def test_what_is_unknown_is_refused(self, writer: Api, query: str) -> None:
        writer.refused(400, "GET", f"{self.path}?{query}")

    def test_the_refusal_names_what_exists(self, writer: Api) -> None:
        def told(query: str) -> str:
            return str(writer.refused(400, "GET", f"{self.path}?{query}"))

        assert all(word in told("colour=red") for word in ("limit", "cursor", self.label))
        assert all(word in told("sort=colour") for word in ("created_at", self.label))
        assert all(word in told("fields=colour") for word in ("created_at", self.label))
        operators = ("gte", "gt", "lte", "lt", "ne", "in", "isnull", "contains", "startswith")
        assert all(word in told(f"{self.label}__like=x") for word in operators)

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=x",
            "limit=1.5",
            "limit=",
            "count=maybe",
            "created_at__gte=yesterday",
            "version=one",
            "version=99999999999999999999",
            "updated_at__isnull=perhaps",
        ],
    )
    def test_a_parameter_out_of_its_range_is_refused(self, writer: Api, query: str) -> None:
        writer.refused(400, "GET", f"{self.path}?{query}")

    def test_limits_reach_from_1_to_200(self, writer: Api) -> None:
        records = self.several(writer)
        assert self.listed(writer, records, limit=1) == "a"
        assert self.listed(writer, records, limit=200) == "abcde"

    def test_a_long_text_is_no_filter(self, writer: Api) -> None:
        if self.long_text:
            writer.refused(400, "GET", f"{self.path}?{self.long_text}=x")
            writer.refused(400, "GET", f"{self.path}?sort={self.long_text}")


class SearchContract(Resource):
    @pytest.mark.parametrize(
        "asked", ["creme brulee", "CRÈME BRÛLÉE", "ubung", "Übung", "rulee", "strasse", "lodz"]
    )
    def test_a_search_ignores_case_and_accents(self, writer: Api, asked: str) -> None:
        word = self.label_text("Sought")
        sought = self.new(writer, **{self.label: f"{word} Crème Brûlée Übung Straße Łódź"})
        self.new(writer, **{self.label: f"{word} other"})
        found = writer.items(self.path, q=asked, **{f"{self.label}__startswith": word})
        assert [item["id"] for item in found] == [sought["id"]]

    def test_a_search_finds_by_itself(self, writer: Api, record: Json) -> None:
        found = writer.items(self.path, q=record[self.label].split()[-1])
        assert [item["id"] for item in found] == [record["id"]]

    def test_a_search_for_what_nobody_is_called_finds_nothing(self, writer: Api) -> None:
        assert writer.items(self.path, q="qqxzzy-nobody") == []
