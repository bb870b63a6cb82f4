"""What a query string says: operators, values as writes read them, what is unknown."""

from datetime import date, timedelta
from operator import eq, ge, gt, le, lt, ne
from urllib.parse import quote

import pytest

from tests.contract.resource import Resource
from tests.support.api import Api, Json

NO_TIMES = (
    *("", "2027", "20301231", "1.5", "-5", "1e9", "yesterday", "12:00", "2027-W01-1"),
    *("2027-13-01", "2027-02-30", "2027-01-31T25:00:00Z", "0000-01-01", "10000-01-01"),
    *("9999-12-31T23:59:59-23:00", "2027-01-31T12:00:00+2400"),
)
COMPARED = {"": eq, "__in": eq, "__ne": ne, "__gt": gt, "__gte": ge, "__lt": lt, "__lte": le}


class LetteredContract(Resource):
    def only(self, records: list[Json]) -> dict[str, str]:
        return {f"{self.label}__startswith": records[0][self.label][:-1]}

    def listed(self, writer: Api, records: list[Json], **query: object) -> str:
        """The letters of the records that a list answers with."""
        items = writer.items(self.here, **{**self.only(records), "sort": self.label, **query})
        return "".join(item[self.label][-1] for item in items)


class FilterContract(LetteredContract):
    @pytest.mark.parametrize(
        ("operator", "asked", "found"),
        [
            ("", "c", "c"),
            ("", "ad", "ad"),
            ("__in", "ad", "ad"),
            ("__in", "b", "b"),
            ("__ne", "c", "abde"),
            ("__ne", "ac", "bde"),
            ("__gt", "c", "de"),
            ("__gte", "c", "cde"),
            ("__lt", "c", "ab"),
            ("__lte", "c", "abc"),
            ("__contains", "c", "c"),
            ("__startswith", "c", "c"),
        ],
    )
    def test_a_text_is_filtered_by(
        self, writer: Api, letters: list[Json], operator: str, asked: str, found: str
    ) -> None:
        prefix = letters[0][self.label][:-1]
        values = ",".join(prefix + letter for letter in asked)
        query = {f"{self.label}{operator}": values, "id__in": ",".join(r["id"] for r in letters)}
        items = writer.items(self.here, **query, sort=self.label)
        assert "".join(item[self.label][-1] for item in items) == found

    def test_a_repeated_filter_is_any_of(self, writer: Api, letters: list[Json]) -> None:
        asked = {self.label: [letters[0][self.label], letters[2][self.label]]}
        assert self.listed(writer, letters, **asked) == "ac"

    def test_two_filters_both_hold(self, writer: Api, letters: list[Json]) -> None:
        word = letters[0][self.label][:-1]
        asked = {f"{self.label}__gt": f"{word}a", f"{self.label}__lt": f"{word}d"}
        assert self.listed(writer, letters, **asked) == "bc"

    def test_a_comma_may_belong_to_a_text(self, writer: Api) -> None:
        word = self.label_text("comma")
        texts = [f"{word} a", f"{word} a,b", "b"]
        records = {text: self.new(writer, **{self.label: text})["id"] for text in texts}
        ids = "id__in=" + ",".join(records.values())
        for operator, expected in (
            ("", {texts[1]}),
            ("__in", {texts[1]}),
            ("__ne", {*texts} - {texts[1]}),
        ):
            asked = f"{self.label}{operator}={quote(texts[1], safe='')}"
            found = {item[self.label] for item in writer.items(f"{self.here}?{asked}&{ids}")}
            assert found == expected
        asked = f"{self.label}={quote(texts[0], safe='')},{quote(texts[1], safe='')}"
        found = {item[self.label] for item in writer.items(f"{self.here}?{asked}&{ids}")}
        assert found == set(texts[:2])

    def test_between_ids_and_numbers_a_comma_always_parts(
        self, writer: Api, letters: list[Json]
    ) -> None:
        ids = [record["id"] for record in letters[:2]]
        for comma in (",", "%2C"):
            found = writer.items(f"{self.here}?id={comma.join(ids)}&version=1{comma}2&sort=id")
            assert [item["id"] for item in found] == sorted(ids)

    def test_a_number_is_filtered_by(self, writer: Api, letters: list[Json]) -> None:
        assert self.listed(writer, letters, version=1) == "abcde"
        assert self.listed(writer, letters, version="2,1") == "abcde"
        assert self.listed(writer, letters, version__ne=1) == ""

    def test_null_is_filtered_by(self, writer: Api, letters: list[Json]) -> None:
        assert self.listed(writer, letters, updated_at__isnull="false") == "abcde"
        assert self.listed(writer, letters, updated_at__isnull="true") == ""

    @pytest.mark.parametrize("text", ["%", "_", "\\", "%a", "a%"])
    def test_wildcards_are_letters_like_others(
        self, writer: Api, letters: list[Json], text: str
    ) -> None:
        for parameter in (f"{self.label}__contains", "q"):
            ids = ",".join(record["id"] for record in letters)
            assert writer.items(self.here, id__in=ids, **{parameter: text}) == []

    @pytest.mark.parametrize(
        "query",
        [
            "colour=red",
            "limit__gte=3",
            "sort=colour",
            "sort=id,colour",
            "sort=version",
            "sort=archived_at",
            "sort=tenant_id",
            "fields=id,colour",
            "expand=colour",
            "NAME=x",
            "offset=10",
            "id__colour=1",
            "version__gte=1",
            "tenant_id__gt=x",
            "__gte=1",
        ],
    )
    def test_what_is_not_offered_is_refused(self, writer: Api, query: str) -> None:
        writer.refused(400, "GET", f"{self.here}?{query}")

    def test_the_refusal_names_what_exists(self, writer: Api) -> None:
        def allowed(query: str) -> set[str]:
            return set(writer.refused(400, "GET", f"{self.here}?{query}")["allowed"])

        assert allowed("colour=red") >= {"limit", "cursor", self.label}
        assert allowed("fields=colour") >= {"id", "version", self.label}
        assert allowed("sort=colour") >= {"id", "created_at", "updated_at", self.label}
        parts = {"contains", "startswith"}
        rest = {"gte", "gt", "lte", "lt", "ne", "in", "isnull"}
        assert allowed(f"{self.label}__like=x") == rest | parts
        assert allowed("updated_at__contains=x") == rest
        assert allowed("version__gte=1") == {"ne", "in", "isnull"}

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=x",
            "limit=1.5",
            "limit=",
            "limit=1_0",
            "count=maybe",
            "version=one",
            "version=1_000",
            "version=1.0",
            "version=%D9%A1",
            "version=99999999999999999999",
            "updated_at__isnull=perhaps",
        ],
    )
    def test_a_value_out_of_its_range_is_refused(self, writer: Api, query: str) -> None:
        writer.refused(400, "GET", f"{self.here}?{query}")

    def test_limits_reach_from_1_to_200(self, writer: Api, letters: list[Json]) -> None:
        assert self.listed(writer, letters, limit=1) == "a"
        assert self.listed(writer, letters, limit=200) == "abcde"


class TimeContract(LetteredContract):
    @pytest.mark.parametrize("member", ["created_at", "updated_at"])
    def test_a_time_is_compared_to_the_last_digit(
        self, writer: Api, letters: list[Json], member: str
    ) -> None:
        time = letters[2][member]
        for operator, holds in COMPARED.items():
            found = self.listed(writer, letters, **{f"{member}{operator}": time})
            assert found == "".join(r[self.label][-1] for r in letters if holds(r[member], time))

    @pytest.mark.parametrize("member", ["created_at", "updated_at"])
    def test_a_date_alone_is_that_whole_day(
        self, writer: Api, letters: list[Json], member: str
    ) -> None:
        day = date.fromisoformat(letters[0][member][:10])
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        on_day = [r for r in letters if r[member][:10] == str(day)]
        every = "".join(record[self.label][-1] for record in on_day)
        ids = ",".join(record["id"] for record in on_day)

        def found(operator: str, value: object) -> str:
            return self.listed(writer, letters, **{f"{member}{operator}": value, "id__in": ids})

        for operator in ("", "__in", "__lte", "__gte"):
            assert found(operator, day) == every
        for operator in ("__ne", "__lt", "__gt"):
            assert found(operator, day) == ""
        assert found("", f"{before},{after}") == found("__lte", before) == ""
        assert found("__ne", f"{before},{after}") == found("__gt", before) == every
        assert found("__gte", after) == ""

    @pytest.mark.parametrize("value", NO_TIMES)
    def test_what_is_no_time_is_refused(self, writer: Api, value: str) -> None:
        for parameter in ("created_at", "created_at__gte", "updated_at__lt", "updated_at__ne"):
            problem = writer.refused(400, "GET", self.here, params={parameter: value})
            assert "timedelta" not in problem["detail"]

    def test_times_may_name_their_offset(self, writer: Api, letters: list[Json]) -> None:
        for time, found in (
            ("1970-01-01T00:00:00Z", "abcde"),
            ("1970-01-01 01:00+01:00", "abcde"),
            ("1970-01-01t00:00:00z", "abcde"),
            ("9000-06-30T23:00:00-0100", ""),
            ("0001-01-01", "abcde"),
            ("9999-12-30T23:59:59.999999Z", ""),
            ("9000-06-30T12:00:00", ""),
        ):
            for member in ("created_at", "updated_at"):
                asked = {f"{member}__gt": time}
                assert self.listed(writer, letters, **asked) == found


class SearchContract(Resource):
    @pytest.mark.parametrize(
        "asked", ["creme brulee", "CRÈME, BRÛLÉE", "ubung", "Übung", "rulee", "strasse", "lodz"]
    )
    def test_a_search_ignores_case_and_accents(self, writer: Api, sought: Json, asked: str) -> None:
        word = " ".join(sought[self.label].split()[:2])
        found = writer.items(self.here, q=asked, **{f"{self.label}__startswith": word})
        assert sought["id"] in [item["id"] for item in found]
        assert all("Crème" in item[self.label] for item in found)

    def test_a_search_for_what_nobody_is_called_finds_nothing(self, writer: Api) -> None:
        assert writer.items(self.here, q="qqxzzy-nobody") == []
