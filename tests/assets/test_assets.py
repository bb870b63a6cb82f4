"""Rules of assets: what the model asks for, money, the full table of moves."""

from typing import Any

import pytest

from assets.assets.states import MOVES
from assets.catalog.asset_models import TooManyAssets
from tests.support.api import Api, Json, pointers, slug
from tests.support.assets import circulate, new_asset, new_model, new_stock, shown
from tests.support.database import Session
from tests.support.issues import new_field
from tests.support.makers import MAKERS, new_location, new_person
from tests.support.people import Tenant, World, unique

STATES = ("active", "archived", "retired", "disposed", "lost", "stolen")
# How an asset gets into each state.
WAYS = {
    "active": (),
    "archived": ("archive",),
    "retired": ("retire",),
    "disposed": ("retire", "dispose"),
    "lost": ("mark-lost",),
    "stolen": ("mark-stolen",),
}
# From each state by each move: where it leads; what is not here is refused.
TABLE = {
    ("active", "archive"): "archived",
    ("active", "restore"): "active",
    ("active", "retire"): "retired",
    ("active", "mark-lost"): "lost",
    ("active", "mark-stolen"): "stolen",
    ("archived", "archive"): "archived",
    ("archived", "restore"): "active",
    ("retired", "restore"): "active",
    ("retired", "dispose"): "disposed",
    ("retired", "mark-lost"): "lost",
    ("retired", "mark-stolen"): "stolen",
    ("lost", "restore"): "active",
    ("stolen", "restore"): "active",
}
STAMPS = ("archived_at", "retired_at", "disposed_at", "lost_at", "stolen_at")


def moved(api: Api, asset: Json, *moves: str) -> Json:
    for move in moves:
        asset = api.act(f"/assets/{asset['id']}/{move}")
    return asset


@pytest.mark.parametrize("state", STATES)
def test_moves_are_those_of_the_table(api: Api, state: str) -> None:
    asset = moved(api, new_asset(api), *WAYS[state])
    assert asset["status"] == state
    open_moves = sorted(
        move for (source, move), target in TABLE.items() if source == state != target
    )
    for move in MOVES:
        if (state, move) in TABLE:
            again = moved(api, new_asset(api), *WAYS[state], move)
            assert again["status"] == TABLE[state, move]
            assert [name for name in STAMPS if again[name]] == stamps(state, again["status"])
        else:
            told = api.refused(409, "POST", f"/assets/{asset['id']}/{move}")
            assert (slug(told), told["state"], told["allowed"]) == ("wrong-move", state, open_moves)
    assert shown(api, asset) == asset


def stamps(before: str, status: str) -> list[str]:
    """What is stamped of an asset: of what was retired when it was lost, both."""
    marked = [] if status == "active" else [f"{status}_at"]
    was_retired = before == "retired" and status in ("disposed", "lost", "stolen")
    return [name for name in STAMPS if name in [*marked, *(["retired_at"] if was_retired else [])]]


@pytest.mark.parametrize("move", ["retire", "mark-lost", "mark-stolen"])
def test_what_leaves_takes_back_what_is_out(api: Api, move: str) -> None:
    stock, holders = new_stock(api, 5), [new_person(api) for _ in range(2)]
    for holder in holders:
        circulate(api, stock, "issue", person_id=holder["id"], quantity=2)
    gone = api.act(f"/assets/{stock['id']}/{move}", {"reason": "A flood."})
    assert (gone["quantity_out"], gone["quantity_available"]) == (0, 5)
    path = f"/assets/{stock['id']}/assignments"
    assert [one["closed_at"] is None for one in api.items(path)] == [False, False]
    returns = api.items(f"/assets/{stock['id']}/circulations", circulation_type="return")
    assert [(one["quantity"], one["notes"]) for one in returns] == [(2, "A flood.")] * 2
    assert {one["person_id"] for one in returns} == {holder["id"] for holder in holders}


def test_what_is_archived_keeps_what_is_out(api: Api) -> None:
    asset, person = new_asset(api), new_person(api)
    circulate(api, asset, "issue", person_id=person["id"])
    (held,) = api.items(f"/assets/{asset['id']}/assignments")
    kept = moved(api, asset, "archive")
    assert (kept["person_id"], kept["quantity_out"]) == (person["id"], 1)
    api.act(f"/assignments/{held['id']}/close")
    assert shown(api, asset)["quantity_out"] == 0
    told = api.refused(409, "PATCH", f"/assets/{asset['id']}", {"name": "Other"})
    assert slug(told) == "record-archived"


@pytest.mark.parametrize("state", STATES[1:])
def test_only_what_is_active_is_issued(api: Api, state: str) -> None:
    asset, person = moved(api, new_asset(api), *WAYS[state]), new_person(api)
    body = {"asset_id": asset["id"], "person_id": person["id"]}
    doors: dict[str, dict[str, str]] = {
        "/asset-assignments": {},
        "/asset-circulations": {"circulation_type": "issue"},
    }
    for path, more in doors.items():
        told = api.refused(409, "POST", path, {**body, **more})
        assert (slug(told), told["state"]) == ("asset-not-active", state)
        assert told["allowed"] == sorted(
            move for (source, move), target in TABLE.items() if source == state != target
        )


def test_a_serialized_asset_has_a_serial_number_and_is_one(api: Api) -> None:
    body = {"model_id": new_model(api)["id"], "name": "Laptop"}
    wrong: list[tuple[Json, str]] = [
        ({}, "/serial_number"),
        ({"serial_number": " "}, "/serial_number"),
        ({"serial_number": "S1", "quantity": 2}, "/quantity"),
    ]
    for given, pointer in wrong:
        assert pointers(api.refused(422, "POST", "/assets", {**body, **given})) == [pointer]
    made = api.post("/assets", {**body, "serial_number": "S1"})
    assert (made["tracking_type"], made["quantity"]) == ("serialized", 1)
    assert api.refused(409, "POST", "/assets", {**body, "serial_number": "s1"})
    place = f"/assets/{made['id']}"
    assert pointers(api.refused(422, "PATCH", place, {"quantity": 2})) == ["/quantity"]
    assert pointers(api.refused(422, "PATCH", place, {"serial_number": None})) == ["/serial_number"]
    other = new_model(api)
    api.post("/assets", {**body, "model_id": other["id"], "serial_number": "S1"})


def test_a_countable_asset_has_none_and_may_be_many(api: Api) -> None:
    body = {"model_id": new_model(api, "countable")["id"], "name": "Chargers"}
    told = api.refused(422, "POST", "/assets", {**body, "serial_number": "S1"})
    assert pointers(told) == ["/serial_number"]
    for quantity in (0, -1, 1.5, "2", True, None, 2_000_000_000):
        told = api.refused(422, "POST", "/assets", {**body, "quantity": quantity})
        assert pointers(told) == ["/quantity"]
    assert api.post("/assets", body)["quantity"] == 1
    assert api.post("/assets", {**body, "quantity": 30})["quantity_available"] == 30


def test_a_model_of_another_kind_is_refused(api: Api) -> None:
    asset, other = new_asset(api), new_model(api, "countable")
    told = api.refused(422, "PATCH", f"/assets/{asset['id']}", {"model_id": other["id"]})
    assert pointers(told) == ["/model_id"]
    same = new_model(api)
    assert api.patch(f"/assets/{asset['id']}", {"model_id": same["id"]})["model_id"] == same["id"]


def test_a_model_with_too_many_assets_keeps_its_type(api: Api, superuser: Session) -> None:
    model, type_ = new_model(api), MAKERS["asset_type_id"].new(api)
    for _ in range(2):
        new_asset(api, model_id=model["id"])
    change = "UPDATE asset_models SET asset_type_id = :type WHERE id = :id"
    trigger = "CREATE TRIGGER carry AFTER UPDATE ON asset_models FOR EACH ROW EXECUTE FUNCTION"
    with superuser.undone():
        superuser.run("DROP TRIGGER carry ON asset_models")
        superuser.run(f"{trigger} nexus.carry_model('1')")
        told = superuser.refusal(change, type=type_["id"], id=model["id"])
    assert TooManyAssets.constraints[0] in told
    api.patch(f"/asset-models/{model['id']}", {"asset_type_id": type_["id"]})
    assert {a["asset_type_id"] for a in api.items("/assets", model_id=model["id"])} == {type_["id"]}


def test_a_quantity_is_not_less_than_what_is_out(api: Api) -> None:
    stock = new_stock(api, 10)
    circulate(api, stock, "issue", person_id=new_person(api)["id"], quantity=6)
    told = api.refused(409, "PATCH", f"/assets/{stock['id']}", {"quantity": 5})
    assert slug(told) == "quantity-out"
    assert api.patch(f"/assets/{stock['id']}", {"quantity": 6})["quantity_available"] == 0


def test_a_tag_is_unique_until_its_asset_is_archived(api: Api) -> None:
    tag = unique("TAG")
    first, second = new_asset(api, asset_tag=tag), new_asset(api)
    assert api.refused(409, "PATCH", f"/assets/{second['id']}", {"asset_tag": tag.lower()})
    moved(api, first, "archive")
    api.patch(f"/assets/{second['id']}", {"asset_tag": tag.lower()})
    told = api.refused(409, "POST", f"/assets/{first['id']}/restore")
    assert slug(told) == "already-exists"
    assert [a["id"] for a in api.items("/assets", asset_tag=tag.lower())] == [second["id"]]


@pytest.fixture(scope="module")
def bought(tenant: Tenant) -> Json:
    return new_asset(tenant.admin)


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        ("1299", "EUR", "1299.00"),
        ("0.1", "EUR", "0.10"),
        ("007.50", "USD", "7.50"),
        ("0", "CHF", "0.00"),
        ("1500", "JPY", "1500"),
        ("1.5", "KWD", "1.500"),
        ("0.0001", "CLF", "0.0001"),
        ("999999999999999", "CLF", "999999999999999.0000"),
        ("999999999999999.99", "EUR", "999999999999999.99"),
    ],
)
def test_money_has_its_currencys_digits(
    api: Api, bought: Json, amount: str, currency: str, told: str
) -> None:
    cost = {"amount": amount, "currency": currency}
    place = f"/assets/{bought['id']}"
    changed = api.patch(place, {"purchase_cost": cost})
    assert changed["purchase_cost"] == {"amount": told, "currency": currency}
    assert api.get(place) == changed


def test_of_an_amount_and_its_currency_one_is_changed_alone(api: Api) -> None:
    asset = new_asset(api, purchase_cost={"amount": "7", "currency": "EUR"})
    place = f"/assets/{asset['id']}"
    changed = api.patch(place, {"purchase_cost": {"amount": "0.2"}})
    assert changed["purchase_cost"] == {"amount": "0.20", "currency": "EUR"}
    told = api.refused(422, "PATCH", place, {"purchase_cost": {"currency": "JPY"}})
    assert pointers(told) == ["/purchase_cost/amount"]
    changed = api.patch(place, {"purchase_cost": {"currency": "KWD"}})
    assert changed["purchase_cost"] == {"amount": "0.200", "currency": "KWD"}
    api.patch(place, {"purchase_cost": None})
    told = api.refused(422, "PATCH", place, {"purchase_cost": {"amount": "1"}})
    assert pointers(told) == ["/purchase_cost/currency"]
    told = api.refused(422, "PATCH", place, {"purchase_cost": {}})
    assert pointers(told) == ["/purchase_cost/currency", "/purchase_cost/amount"]


def test_archived_assets_are_found_by_their_status(api: Api) -> None:
    asset = new_asset(api)
    api.act(f"/assets/{asset['id']}/archive")
    by_model = {"model_id": asset["model_id"]}
    assert [one["id"] for one in api.items("/assets", status="archived", **by_model)] == [
        asset["id"]
    ]
    assert len(api.items("/assets", status__in="archived,active", **by_model)) == 1
    assert api.items("/assets", status="archived", archived="false", **by_model) == []
    assert api.items("/assets", **by_model) == []


def test_the_same_amount_is_no_change(api: Api) -> None:
    cost = {"amount": "0.10", "currency": "EUR"}
    asset = new_asset(api, purchase_cost=cost)
    same = api.patch(f"/assets/{asset['id']}", {"purchase_cost": {**cost, "amount": "0.1"}})
    assert same == asset
    assert api.patch(f"/assets/{asset['id']}", {"purchase_cost": None})["purchase_cost"] is None


@pytest.mark.parametrize(
    ("amount", "currency", "pointer"),
    [
        (12.5, "EUR", "amount"),
        (12, "EUR", "amount"),
        ("1e3", "EUR", "amount"),
        ("1,299.00", "EUR", "amount"),
        ("1 299", "EUR", "amount"),
        ("0.100", "EUR", "amount"),
        ("1.0", "JPY", "amount"),
        ("-1", "EUR", "amount"),
        ("+1", "EUR", "amount"),
        ("1.", "EUR", "amount"),
        (".5", "EUR", "amount"),
        ("NaN", "EUR", "amount"),
        ("\uff11", "EUR", "amount"),
        ("1" * 16, "EUR", "amount"),
        ("", "EUR", "amount"),
        ("1", "eur", "currency"),
        ("1", "XXX", "currency"),
        ("1", 978, "currency"),
    ],
)
def test_what_is_no_money_is_refused(
    api: Api, bought: Json, amount: object, currency: object, pointer: str
) -> None:
    cost = {"purchase_cost": {"amount": amount, "currency": currency}}
    told = api.refused(422, "PATCH", f"/assets/{bought['id']}", cost)
    assert pointers(told) == [f"/purchase_cost/{pointer}"]


def test_what_follows_from_others_is_not_written(api: Api, bought: Json) -> None:
    for name, value in (
        ("status", "retired"),
        ("person_id", None),
        ("location_id", None),
        ("quantity_out", 0),
        ("open_repair_count", 1),
        ("tracking_type", "countable"),
    ):
        told = api.refused(422, "PATCH", f"/assets/{bought['id']}", {name: value})
        assert pointers(told) == [f"/{name}"]


class TestFound:
    """By what they are, where they are, and who has them."""

    @pytest.fixture(scope="class")
    def own(self, world: World) -> Api:
        return world.new_tenant().admin

    def test_by_type_with_its_subtypes_and_by_manufacturer(self, own: Api) -> None:
        above = MAKERS["asset_type_id"].new(own)
        below = MAKERS["asset_type_id"].new(own, parent_id=above["id"])
        maker = MAKERS["manufacturer_id"].new(own)
        models = [
            new_model(own, asset_type_id=type_["id"], manufacturer_id=maker["id"])
            for type_ in (above, below)
        ]
        high, low = (new_asset(own, model_id=model["id"]) for model in models)
        assert (low["asset_type_id"], low["manufacturer_id"]) == (below["id"], maker["id"])

        def ids(**query: Any) -> list[str]:
            return [item["id"] for item in own.items("/assets", **query)]

        assert ids(asset_type_id=above["id"]) == [high["id"]]
        assert ids(asset_type_id__within=above["id"]) == [high["id"], low["id"]]
        assert ids(asset_type_id__within=below["id"]) == [low["id"]]
        assert ids(manufacturer_id=maker["id"]) == [high["id"], low["id"]]
        own.patch(f"/asset-models/{models[0]['id']}", {"asset_type_id": below["id"]})
        assert ids(asset_type_id=below["id"]) == [high["id"], low["id"]]
        again = shown(own, high)
        assert (again["asset_type_id"], again["version"]) == (below["id"], high["version"] + 1)
        own.refused(422, "GET", "/assets?asset_type_id__within=01J0000000000000000000000Z")

    def test_by_place_with_all_below_it_and_by_holder(self, own: Api) -> None:
        site = new_location(own)
        room = new_location(own, site)
        asset, person = new_asset(own), new_person(own, "Zoë", "Ito")
        circulate(own, asset, "move", location_id=room["id"])
        circulate(own, asset, "issue", person_id=person["id"])
        for query in (
            {"location_id": room["id"]},
            {"location_id__within": site["id"]},
            {"person_id": person["id"]},
            {"quantity_out__gte": 1},
            {"quantity_available": 0},
        ):
            assert [item["id"] for item in own.items("/assets", **query)] == [asset["id"]], query
        assert own.items("/assets", location_id=site["id"]) == []
        (found,) = own.items("/assets", person_id=person["id"], expand="model,holder,location")
        assert found["holder"]["id"] == person["id"]
        assert (found["model"]["id"], found["location"]["id"]) == (asset["model_id"], room["id"])


def test_an_assets_history_tells_each_field(api: Api) -> None:
    asset = new_asset(api)
    place = f"/assets/{asset['id']}"
    api.patch(
        place,
        {"name": "Renamed", "purchase_cost": {"amount": "5", "currency": "JPY"}, "notes": "Loud."},
    )
    project = MAKERS["project_id"].new(api)
    api.patch(place, {"project_id": project["id"]})
    circulate(api, asset, "issue", person_id=new_person(api)["id"])
    moved(api, asset, "retire")
    told = [
        (one["field"], one["old"], one["new"])
        for one in reversed(api.items(f"{place}/history"))
        if not one["field"].endswith("_at")
    ]
    assert sorted(told[:3]) == [
        ("name", asset["name"], "Renamed"),
        ("notes", None, "Loud."),
        ("purchase_cost", None, {"amount": "5", "currency": "JPY"}),
    ]
    of_project = {"id": project["id"], "name": project["name"]}
    assert told[3:] == [("project", None, of_project), ("status", "active", "retired")]
    assert api.items(f"{place}/history", actor_id=api.user["id"], field="status")


def test_a_field_of_an_issue_names_an_asset_which_then_stays(api: Api) -> None:
    field = new_field(api, "asset")
    asset, gone = new_asset(api), "01J0000000000000000000000Z"
    body = {"title": "Broken", "issue_type": "incident"}
    told = api.refused(422, "POST", "/issues", {**body, "fields": {field["key"]: gone}})
    assert pointers(told) == [f"/fields/{field['key']}"]
    issue = api.post("/issues", {**body, "fields": {field["key"]: asset["id"]}})
    found = api.items("/issues", **{f"cf_{field['key']}": asset["id"]})
    assert [one["id"] for one in found] == [issue["id"]]
    told = api.refused(409, "DELETE", f"/assets/{asset['id']}")
    assert told["conflicts"] == [{"resource": "issues", "count": 1}]
    api.patch(f"/issues/{issue['id']}", {"fields": {field["key"]: None}})
    api.delete(f"/assets/{asset['id']}")


def test_what_has_a_story_is_not_deleted(api: Api) -> None:
    asset, held, named = new_asset(api), new_asset(api), new_asset(api)
    api.delete(f"/assets/{asset['id']}")
    circulate(api, held, "confirm")
    told = api.refused(409, "DELETE", f"/assets/{held['id']}")
    assert told["conflicts"] == [{"resource": "asset-circulations", "count": 1}]
    api.post("/configuration-items", {"name": unique("Item"), "asset_id": named["id"]})
    told = api.refused(409, "DELETE", f"/assets/{named['id']}")
    assert told["conflicts"] == [{"resource": "configuration-items", "count": 1}]
