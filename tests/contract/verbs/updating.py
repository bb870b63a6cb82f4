"""A change of any resource: a merge patch (RFC 7396) of what the document lets be changed."""

from tests.contract.resource import Resource, current, stale
from tests.contract.verbs.creating import is_reference, lengths
from tests.support.api import Api, Json, moment, pointers
from tests.support.documented import answered, body, is_free_text, is_nullable, kinds

COUNTED = {"version", "updated_at"}


class UpdateContract(Resource):
    def changeable(self) -> dict[str, Json]:
        members: dict[str, Json] = body("PATCH", self.item_path())["properties"]
        return members

    def test_what_is_absent_is_untouched(self, writer: Api, fresh: Json) -> None:
        change = self.change()
        changed = writer.patch(self.at(fresh), change)
        follows = COUNTED | self.derived
        assert without(changed, follows) == without({**fresh, **change}, follows)
        assert changed["version"] == fresh["version"] + 1
        assert moment(changed["updated_at"]) > moment(fresh["updated_at"])
        assert writer.get(self.at(fresh)) == changed

    def test_another_version_has_another_tag(self, writer: Api, fresh: Json) -> None:
        before = writer.expect(200, "GET", self.at(fresh)).headers["etag"]
        changed = writer.expect(200, "PATCH", self.at(fresh), json=self.change()).headers["etag"]
        sent = writer.expect(200, "GET", self.at(fresh), headers={"If-None-Match": before})
        assert before != changed == sent.headers["etag"]

    def test_what_changes_nothing_changes_no_version(self, writer: Api, record: Json) -> None:
        tag = writer.expect(200, "GET", self.at(record)).headers["etag"]
        whole = {name: record[name] for name in self.changeable() if name in record}
        for same in ({}, whole):
            answered = writer.expect(200, "PATCH", self.at(record), json=same)
            assert (answered.json(), answered.headers["etag"]) == (record, tag)

    def test_what_is_required_cannot_be_cleared(self, writer: Api, record: Json) -> None:
        for name, member in self.changeable().items():
            if not is_nullable(member):
                problem = writer.refused(422, "PATCH", self.at(record), {name: None})
                assert pointers(problem) == [f"/{name}"]

    def test_null_clears_what_is_not(self, writer: Api) -> None:
        for name, member in self.changeable().items():
            is_text = any(is_free_text(kind) for kind in kinds(member))
            if is_nullable(member) and is_text and not is_reference(name) | (name in self.bound):
                text = self.samples.get(name) or self.label_text("Something")
                fresh = self.new(writer, **{name: text})
                for _ in range(2):
                    cleared = writer.patch(self.at(fresh), {name: None})
                    assert (cleared[name], cleared["version"]) == (None, fresh["version"] + 1)

    def test_what_the_document_does_not_have_is_not_changed(
        self, writer: Api, record: Json
    ) -> None:
        shown = answered("GET", self.item_path())
        for member in {"colour"} | (shown - self.changeable().keys()):
            sent = {member: record.get(member)}
            problem = writer.refused(422, "PATCH", self.at(record), sent)
            assert pointers(problem) == [f"/{member}"]

    def test_a_changed_text_is_as_long_as_the_document_says(
        self, writer: Api, record: Json
    ) -> None:
        for member, longest in lengths(body("PATCH", self.item_path())):
            sent = {member: "x" * (longest + 1)}
            assert pointers(writer.refused(422, "PATCH", self.at(record), sent)) == [f"/{member}"]

    def test_a_stale_change_is_refused(self, writer: Api, fresh: Json) -> None:
        for change in (self.change(), {}):
            writer.refused(412, "PATCH", self.at(fresh), change, headers=stale(fresh))
        assert writer.get(self.at(fresh)) == fresh
        changed = writer.patch(self.at(fresh), self.change(), headers=current(fresh))
        assert changed["version"] == fresh["version"] + 1


def without(record: Json, members: frozenset[str] | set[str]) -> Json:
    return {key: value for key, value in record.items() if key not in members}
