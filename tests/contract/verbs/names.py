"""Texts that tell records of one tenant apart."""

from typing import ClassVar

from tests.contract.resource import Resource
from tests.support.api import Api, Json
from tests.support.people import Tenant


class UniqueContract(Resource):
    """The label is unique among the tenant's records, whatever its case and its accents' form."""

    is_unique_over_all: ClassVar[bool] = False
    is_ascii: ClassVar[bool] = False

    def test_a_name_is_taken_whatever_its_case(self, writer: Api, fresh: Json) -> None:
        taken = fresh[self.label].upper()
        sent = self.body_with(writer, **{self.label: taken})
        assert self.label in str(writer.refused(409, "POST", self.here, sent))
        other = self.new(writer)
        writer.refused(409, "PATCH", self.at(other), {self.label: taken})
        assert writer.get(self.at(other)) == other

    def test_a_record_may_change_the_case_of_its_own_name(self, writer: Api, fresh: Json) -> None:
        name = fresh[self.label].upper()
        changed = writer.patch(self.at(fresh), {self.label: name})[self.label]
        assert changed == (name.lower() if self.is_ascii else name)

    def test_case_is_folded_as_unicode_folds_it(self, writer: Api) -> None:
        if self.is_ascii:
            return
        word = self.label_text("Folded")
        for one, other in (("ΟΔΟΣ", "οδος"), ("Straße", "STRASSE"), ("Zoë", "Zoe\u0308")):
            self.new(writer, **{self.label: f"{word} {one}"})
            sent = self.body_with(writer, **{self.label: f"{word} {other}"})
            writer.refused(409, "POST", self.here, sent)

    def test_another_tenant_may_use_it(self, other_tenant: Tenant, record: Json) -> None:
        sent = self.body_with(other_tenant.admin, **{self.label: record[self.label]})
        if self.is_unique_over_all:
            other_tenant.admin.refused(409, "POST", self.here, sent)
        else:
            assert other_tenant.admin.post(self.here, sent)["tenant_id"] == other_tenant.id


class FreedNameContract(Resource):
    """An archived record frees its name."""

    def test_its_name_is_free(self, writer: Api, fresh: Json) -> None:
        archived = writer.act(f"{self.at(fresh)}/archive")
        again = self.new(writer, **{self.label: archived[self.label].upper()})
        assert again["id"] != archived["id"]
        writer.refused(409, "POST", f"{self.at(archived)}/restore")
        writer.patch(self.at(again), self.change())
        assert writer.act(f"{self.at(archived)}/restore")["archived_at"] is None
