"""One record of any resource: its shape, its tag, and what is no record's id."""

from collections.abc import Iterator

from tests.contract.resource import Resource
from tests.support.api import Api, Json
from tests.support.documented import PATHS, answered, body, collections


class ItemContract(Resource):
    """What holds for each operation on one record, whichever there are."""

    def operations(self) -> Iterator[tuple[str, str]]:
        """Method, and what follows the record's path; of actions those that take nothing."""
        item = self.item_path()
        for path, methods in PATHS.items():
            below = path.removeprefix(item)
            if path == item or (path.startswith(f"{item}/") and "/" not in below[1:]):
                for method in methods:
                    is_action = below and not body(method, path).get("required")
                    if path not in collections() and (method != "post" or is_action):
                        yield method.upper(), below

    def sent(self, method: str) -> Json:
        return {"json": self.change()} if method == "PATCH" else {}

    def test_what_cannot_be_an_id_is_not_found(self, writer: Api) -> None:
        for method, below in self.operations():
            for id_ in ("x", "8" + "0" * 25, "%00"):
                writer.expect(404, method, self.at(id_) + below, **self.sent(method))


class GetContract(ItemContract):
    def test_a_record_is_what_the_document_says(self, writer: Api, record: Json) -> None:
        shown = writer.get(self.at(record))
        assert shown == record
        assert shown.keys() == answered("GET", self.item_path())

    def test_a_known_version_is_not_sent_again(self, writer: Api, record: Json) -> None:
        tag = writer.expect(200, "GET", self.at(record)).headers["etag"]
        known = writer.expect(304, "GET", self.at(record), headers={"If-None-Match": tag})
        assert (known.content, known.headers["etag"]) == (b"", tag)

    def test_just_the_members_asked_for_are_answered(self, writer: Api, record: Json) -> None:
        for name in record:
            assert writer.get(self.at(record), fields=name) == {name: record[name]}
