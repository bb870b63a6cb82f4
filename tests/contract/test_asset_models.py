"""Asset models keep the contract: a catalog; how their assets are tracked stays."""

from tests.contract.plain import PlainCatalogContract
from tests.support.api import Api, Json, pointers, slug
from tests.support.makers import MAKERS
from tests.support.people import unique


class TestAssetModels(PlainCatalogContract):
    path = "/asset-models"

    def test_the_end_of_life_is_a_day(self, writer: Api, fresh: Json) -> None:
        changed = writer.patch(self.at(fresh), {"end_of_life_on": "2031-07-31"})
        assert changed["end_of_life_on"] == "2031-07-31"
        for operator in ("", "__lte", "__gte"):
            asked = {f"end_of_life_on{operator}": "2031-07-31"}
            assert self.found(writer, [fresh], **asked) == [fresh["id"]]
        assert self.found(writer, [fresh], end_of_life_on__lt="2031-07-31") == []
        for wrong in ("2031-02-30", "2031-07-31T00:00:00Z", "31.7.2031"):
            problem = writer.refused(422, "PATCH", self.at(fresh), {"end_of_life_on": wrong})
            assert pointers(problem) == ["/end_of_life_on"]
        assert writer.patch(self.at(fresh), {"end_of_life_on": None})["end_of_life_on"] is None

    def test_the_model_number_is_sorted_by_and_searched(self, writer: Api) -> None:
        word = unique("E14")
        second, first = (self.new(writer, model_number=f"{word}-{n}") for n in "BA")
        models = [second, first]
        assert self.found(writer, models, sort="model_number") == [first["id"], second["id"]]
        assert self.found(writer, models, q=f"{word}-a") == [first["id"]]

    def test_assets_are_tracked_as_before(self, writer: Api) -> None:
        model = self.new(writer)
        changed = writer.patch(self.at(model), {"tracking_type": "countable"})
        assert changed["tracking_type"] == "countable"
        writer.post("/assets", {"model_id": model["id"], "name": "Cable", "quantity": 3})
        problem = writer.refused(409, "PATCH", self.at(model), {"tracking_type": "serialized"})
        assert slug(problem) == "tracking-type-in-use"
        assert writer.get(self.at(model)) == changed
        same = writer.patch(self.at(model), {"tracking_type": "countable", "name": unique("New")})
        assert same["version"] == changed["version"] + 1
        problem = writer.refused(409, "DELETE", self.at(model))
        assert problem["conflicts"] == [{"resource": "assets", "count": 1}]

    def test_what_models_name_is_not_deleted(self, writer: Api) -> None:
        for member, path in (
            ("manufacturer_id", "/manufacturers"),
            ("asset_type_id", "/asset-types"),
        ):
            named = MAKERS[member].new(writer)
            model = self.new(writer, **{member: named["id"]})
            problem = writer.refused(409, "DELETE", f"{path}/{named['id']}")
            assert problem["conflicts"] == [{"resource": "asset-models", "count": 1}]
            writer.patch(self.at(model), {member: None})
            writer.delete(f"{path}/{named['id']}")
