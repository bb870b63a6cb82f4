"""Persons keep the contract: their external id is what tells them apart."""

from tests.contract.plain import PlainContract
from tests.contract.verbs.rights import WRITE
from tests.support.api import Api
from tests.support.makers import new_person


class TestPersons(PlainContract):
    path = "/persons"
    label = "external_id"
    members_may = WRITE

    def test_nothing_is_required(self, writer: Api) -> None:
        """A person may be known by an identity alone, or not yet at all."""
        person = writer.post(self.path, {})
        assert (person["external_id"], person["current_identity_id"]) == (None, None)
        assert (person["name"], person["sort_name"]) == (None, None)

    def test_they_are_listed_by_their_current_name(self, writer: Api) -> None:
        persons = [
            new_person(writer, first, last)
            for first, last in (("Zoë", "Ábalos"), ("Bo", "abt"), ("Anna", "Zorn"))
        ]
        assert [person["name"] for person in persons] == ["Zoë Ábalos", "Bo abt", "Anna Zorn"]
        assert persons[0]["sort_name"] == "Ábalos, Zoë"
        ids = [person["id"] for person in persons]
        assert self.found(writer, persons, sort="sort_name") == ids
        assert self.found(writer, persons, sort="name") == [ids[2], ids[1], ids[0]]
        identity = {"last_name": "Zzyzx"}
        writer.patch(f"/identities/{persons[0]['current_identity_id']}", identity)
        assert self.found(writer, persons, sort="-sort_name") == [ids[0], ids[2], ids[1]]
        assert self.found(writer, persons, name__startswith="ZOE") == [ids[0]]
