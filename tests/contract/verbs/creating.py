"""A creation of any resource: what a body holds, where the record is, what a retry gets."""

import secrets
from typing import Any

from tests.contract.resource import NOBODYS_ID, TIMESTAMP, ULID, Resource
from tests.support.api import Api, Json, anonymous, pointers, slug
from tests.support.documented import PATHS, Schema, answered, body, item_of, kinds
from tests.support.makers import MAKERS
from tests.support.people import Tenant


def fresh_key() -> dict[str, str]:
    return {"Idempotency-Key": secrets.token_urlsafe(24)}


class CreateContract(Resource):
    def test_a_new_record_has_what_every_record_has(self, writer: Api) -> None:
        sent = self.body(writer)
        made = writer.post(self.here, sent)
        assert ULID.match(made["id"])
        assert TIMESTAMP.match(made["created_at"])
        assert (made["updated_at"], made["version"]) == (made["created_at"], 1)
        assert {n: made[n] for n in sent if n in made} == {n: sent[n] for n in sent if n in made}
        assert made.keys() == answered("POST", self.path)

    def test_it_is_where_the_answer_says(self, writer: Api, records: list[Json]) -> None:
        assert records  # others are there too
        made = writer.expect(201, "POST", self.here, json=self.body(writer))
        location = made.headers["location"]
        assert location.startswith(str(writer.http.base_url))
        found = writer.get(location)
        assert self.told_later(made.json()) in (found, *found.get("items", ()))
        assert len(found.get("items", [0])) == 1

    def test_a_retry_gets_the_first_answer_again(self, writer: Api) -> None:
        sent = {"json": self.body(writer), "headers": fresh_key()}
        first, second = (writer.expect(201, "POST", self.here, **sent) for _ in range(2))
        assert second.json() == first.json()
        assert (
            first.headers.get("idempotent-replayed"),
            second.headers["idempotent-replayed"],
        ) == (
            None,
            "true",
        )
        for header in ("location", "etag"):
            assert second.headers[header] == first.headers[header]
        assert writer.get(self.here, id=first.json()["id"], count="true")["total"] == 1

    def test_what_the_document_does_not_have_is_refused(self, writer: Api) -> None:
        taken = body("POST", self.path)["properties"].keys()
        for member in {"colour"} | (answered("POST", self.path) - taken):
            sent = self.body_with(writer, **{member: None})
            assert pointers(writer.refused(422, "POST", self.here, sent)) == [f"/{member}"]

    def test_what_is_required_has_to_be_there(self, writer: Api) -> None:
        for member in body("POST", self.path).get("required", []):
            sent = self.body(writer)
            del sent[member]
            for lacking in (sent, {**sent, member: None}):
                problem = writer.refused(422, "POST", self.here, lacking)
                assert pointers(problem) == [f"/{member}"]

    def test_a_text_is_as_long_as_the_document_says(self, writer: Api) -> None:
        for member, longest in lengths(body("POST", self.path)):
            sent = self.body_with(writer, **{member: "x" * (longest + 1)})
            assert f"/{member}" in pointers(writer.refused(422, "POST", self.here, sent))

    def test_a_reference_is_to_what_is_there(self, writer: Api, other_tenant: Tenant) -> None:
        for member, maker in self.referring():
            foreign = MAKERS[maker].new(other_tenant.admin)["id"] if maker else "x"
            problems = [
                writer.refused(422, "POST", self.here, self.body_with(writer, **{member: id_}))
                for id_ in (foreign, NOBODYS_ID)
            ]
            assert pointers(problems[0]) == [f"/{member}"]
            assert anonymous(problems[0], foreign) == anonymous(problems[1], NOBODYS_ID)

    def test_a_reference_is_to_what_is_live(self, writer: Api) -> None:
        for member, maker in self.referring():
            if maker and f"{item_of(MAKERS[maker].path)}/archive" in PATHS:
                archived = MAKERS[maker].new(writer)
                place = item_of(MAKERS[maker].path).format_map({maker: archived["id"]})
                writer.act(f"{place}/archive")
                sent = self.body_with(writer, **{member: archived["id"]})
                told = self.gone.get(member, "reference-archived")
                assert slug(writer.refused(409, "POST", self.here, sent)) == told

    def referring(self) -> list[tuple[str, str]]:
        """Members of the body that name another's record, and who makes one, if anybody does."""
        members = body("POST", self.path)["properties"]
        known = {name: self.references.get(name, name) for name in members if is_reference(name)}
        return [(name, maker if maker in MAKERS else "") for name, maker in known.items()]


def is_reference(member: str) -> bool:
    return member.endswith("_id") and member != "external_id"


def lengths(schema: Schema) -> list[tuple[str, int]]:
    """Each text of a body that is no reference, and its greatest length."""
    found: dict[str, Any] = {
        name: kind["maxLength"]
        for name, member in schema["properties"].items()
        for kind in kinds(member)
        if "maxLength" in kind and not is_reference(name)
    }
    return list(found.items())
