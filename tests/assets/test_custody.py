"""Who has what: issues and returns, whole and in part, and what corrects them."""

from contextlib import nullcontext
from datetime import date

import pytest

from assets.custody.circulations import Circulations
from assets.custody.of_asset import AssetNotActive
from assets.custody.schemas import CirculationCreate
from nexus.access.scope import Scope
from nexus.access.tokens import Token
from nexus.db.engine import engine
from nexus.pg import driver
from nexus.problems import ValidationFailed
from tests.support.api import Api, Json, pointers, slug
from tests.support.assets import (
    ago,
    assignments,
    circulate,
    custody,
    day,
    new_asset,
    new_stock,
    refused_circulation,
    shown,
)
from tests.support.makers import new_location, new_person
from tests.support.people import Tenant, World
from tests.support.stack import Database, kernel


def test_an_issue_opens_an_assignment_and_a_return_closes_it(
    api: Api, asset: Json, person: Json
) -> None:
    room = new_location(api)
    issued = circulate(api, asset, "issue", person_id=person["id"])
    assert (issued["quantity"], issued["recorded_by"]) == (1, api.user["id"])
    (held,) = assignments(api, asset)
    assert (held["person_id"], held["quantity"], held["closed_at"]) == (person["id"], 1, None)
    assert custody(api, asset) == (person["id"], 1, 0)
    assert shown(api, asset)["version"] == asset["version"] + 1
    circulate(api, asset, "return", location_id=room["id"])
    (closed,) = assignments(api, asset)
    assert closed["closed_at"] is not None
    assert closed["end_date"] == closed["start_date"]
    assert custody(api, asset) == (None, 0, 1)
    assert shown(api, asset)["location_id"] == room["id"]
    story = api.items(f"/assets/{asset['id']}/circulations")
    assert [event["circulation_type"] for event in story] == ["issue", "return"]
    assert story[1]["person_id"] == person["id"]


def test_what_is_out_is_not_issued_again(api: Api, asset: Json, person: Json) -> None:
    circulate(api, asset, "issue", person_id=person["id"])
    other = new_person(api)
    told = refused_circulation(api, 409, asset, "issue", person_id=other["id"])
    assert (slug(told), told["available"]) == ("asset-over-issued", 0)
    for path, body in (
        ("/asset-assignments", {"asset_id": asset["id"], "person_id": other["id"]}),
        (f"/assets/{asset['id']}/assignments", {"location_id": new_location(api)["id"]}),
    ):
        told = api.refused(409, "POST", path, body)
        assert (slug(told), told["available"]) == ("asset-over-issued", 0)
    assert custody(api, asset) == (person["id"], 1, 0)


def test_a_stock_is_issued_in_parts_and_partly_returned(api: Api, person: Json) -> None:
    stock, other = new_stock(api, 30), new_person(api)
    circulate(api, stock, "issue", person_id=person["id"], quantity=20)
    circulate(api, stock, "issue", person_id=other["id"], quantity=10)
    told = refused_circulation(api, 409, stock, "issue", person_id=person["id"])
    assert told["available"] == 0
    assert custody(api, stock) == (None, 30, 0)
    assert pointers(refused_circulation(api, 422, stock, "return", quantity=5)) == ["/person_id"]
    circulate(api, stock, "return", person_id=person["id"], quantity=5)
    told = refused_circulation(api, 409, stock, "return", person_id=person["id"], quantity=16)
    assert (slug(told), told["out"]) == ("asset-not-out", 15)
    of_person = assignments(api, stock, person_id=person["id"])
    assert sorted((one["quantity"], one["closed_at"] is None) for one in of_person) == [
        (5, False),
        (15, True),
    ]
    assert custody(api, stock) == (None, 25, 5)
    held = api.items("/asset-assignments", person_id=person["id"], is_open="true")
    assert [one["quantity"] for one in held] == [15]


def test_a_return_takes_the_oldest_back_first(api: Api, person: Json) -> None:
    stock = new_stock(api, 10)
    for days, quantity in ((3, 2), (2, 3), (1, 4)):
        circulate(
            api,
            stock,
            "issue",
            person_id=person["id"],
            quantity=quantity,
            occurred_at=ago(days=days),
        )
    circulate(api, stock, "return", quantity=6)
    left = assignments(api, stock, is_open="true")
    assert [(one["start_date"], one["quantity"]) for one in left] == [(day(-1), 3)]
    assert custody(api, stock) == (None, 3, 7)


def test_what_a_place_has_comes_back_from_it(api: Api, person: Json) -> None:
    stock, rooms = new_stock(api, 20), [new_location(api) for _ in range(2)]
    path = f"/assets/{stock['id']}/assignments"
    for room in rooms:
        api.post(path, {"location_id": room["id"], "quantity": 5})
    circulate(api, stock, "issue", person_id=person["id"], quantity=5)
    circulate(api, stock, "return", location_id=rooms[0]["id"], quantity=2)
    left = {one["location_id"]: one["quantity"] for one in assignments(api, stock, is_open="true")}
    assert left == {rooms[0]["id"]: 3, rooms[1]["id"]: 5, None: 5}
    assert pointers(refused_circulation(api, 422, stock, "return")) == ["/person_id"]


def test_a_past_day_is_custody_too(api: Api, asset: Json, person: Json) -> None:
    other, path = new_person(api), f"/assets/{asset['id']}/assignments"
    api.post(path, {"person_id": person["id"], "start_date": day(-9), "end_date": day(-3)})
    within = {"person_id": other["id"], "start_date": day(-5), "end_date": day(-5)}
    assert slug(api.refused(409, "POST", path, within)) == "custody-overlaps"
    api.post(path, {**within, "start_date": day(-3), "end_date": day(-2)})
    api.post(path, {**within, "start_date": day(-2), "end_date": day(-2)})
    stock = new_stock(api, 10)
    many = {**within, "quantity": 11}
    told = api.refused(409, "POST", f"/assets/{stock['id']}/assignments", many)
    assert slug(told) == "custody-overlaps"


def test_a_place_is_where_the_latest_event_puts_it(api: Api, asset: Json) -> None:
    first, second, third = (new_location(api) for _ in range(3))
    circulate(api, asset, "receive", location_id=first["id"], occurred_at=ago(days=5))
    late = circulate(api, asset, "move", location_id=second["id"], occurred_at=ago(days=1))
    circulate(api, asset, "move", location_id=third["id"], occurred_at=ago(days=3))
    assert shown(api, asset)["location_id"] == second["id"]
    circulate(api, asset, "confirm", location_id=first["id"])
    assert shown(api, asset)["location_id"] == second["id"]
    circulate(
        api,
        asset,
        "move",
        location_id=first["id"],
        corrects_id=late["id"],
        occurred_at=late["occurred_at"],
    )
    assert shown(api, asset)["location_id"] == first["id"]


def test_backdated_custody_overlaps_nobodys(api: Api, asset: Json, person: Json) -> None:
    other = new_person(api)
    circulate(api, asset, "issue", person_id=person["id"], occurred_at=ago(days=9))
    circulate(api, asset, "return", occurred_at=ago(days=5))
    for days in (12, 9, 7):
        told = refused_circulation(
            api, 409, asset, "issue", person_id=other["id"], occurred_at=ago(days=days)
        )
        assert slug(told) == "custody-overlaps"
    assert custody(api, asset) == (None, 0, 1)
    circulate(api, asset, "issue", person_id=other["id"], occurred_at=ago(days=4))
    told = refused_circulation(api, 409, asset, "return", occurred_at=ago(days=4.5))
    assert slug(told) == "asset-not-out"


def test_a_stock_does_at_every_moment(api: Api, person: Json) -> None:
    stock = new_stock(api, 10)
    circulate(api, stock, "issue", person_id=person["id"], quantity=8, occurred_at=ago(days=9))
    circulate(api, stock, "return", quantity=8, occurred_at=ago(days=5))
    path = f"/assets/{stock['id']}/assignments"
    during = {"person_id": person["id"], "start_date": day(-8), "end_date": day(-6)}
    told = api.refused(409, "POST", path, {**during, "quantity": 3})
    assert slug(told) == "custody-overlaps"
    past = api.post(path, {**during, "quantity": 2})
    assert past["closed_at"] is not None
    assert (past["start_date"], past["end_date"]) == (day(-8), day(-6))
    assert custody(api, stock) == (None, 0, 10)
    story = api.items(f"/assets/{stock['id']}/circulations", sort="occurred_at")
    assert [(one["circulation_type"], one["quantity"]) for one in story] == [
        ("issue", 8), ("issue", 2), ("return", 2), ("return", 8)
    ]  # fmt: skip


def test_what_is_to_come_is_refused(api: Api, asset: Json, person: Json) -> None:
    held = {"person_id": person["id"]}
    told = refused_circulation(api, 422, asset, "issue", **held, occurred_at=ago(hours=-1))
    assert pointers(told) == ["/occurred_at"]
    path = f"/assets/{asset['id']}/assignments"
    for given, pointer in (
        ({"start_date": day(2)}, "/start_date"),
        ({"end_date": day(-1)}, "/end_date"),
        ({"due_on": day(-1)}, "/due_on"),
        ({"start_date": "2026-02-30"}, "/start_date"),
    ):
        assert pointers(api.refused(422, "POST", path, {**held, **given})) == [pointer]
    assert assignments(api, asset) == []


def test_dates_that_no_calendar_reaches_are_refused(api: Api, asset: Json, person: Json) -> None:
    held = {"person_id": person["id"]}
    told = refused_circulation(api, 422, asset, "issue", **held, occurred_at="0001-01-01T00:00:00Z")
    assert pointers(told) == ["/occurred_at"]
    path = f"/assets/{asset['id']}/assignments"
    told = api.refused(422, "POST", path, {**held, "start_date": "0001-01-01"})
    assert pointers(told) == ["/start_date"]
    made = api.post(path, {**held, "end_date": "9999-12-31", "due_on": "9999-12-31"})
    assert made["end_date"] == "9999-12-31"


def test_an_assignment_is_to_one_holder(api: Api, asset: Json, person: Json) -> None:
    path, room = f"/assets/{asset['id']}/assignments", new_location(api)
    api.refused(422, "POST", path, {})
    api.refused(422, "POST", path, {"person_id": person["id"], "location_id": room["id"]})
    api.post(path, {"location_id": room["id"], "notes": "On the wall."})
    assert shown(api, asset)["location_id"] == room["id"]
    assert custody(api, asset) == (None, 1, 0)
    (event,) = api.items(f"/assets/{asset['id']}/circulations")
    assert (event["circulation_type"], event["location_id"]) == ("issue", room["id"])


def test_an_assignment_is_closed_once(api: Api, asset: Json, person: Json) -> None:
    path = f"/assets/{asset['id']}/assignments"
    made = api.post(path, {"person_id": person["id"], "start_date": day(-3), "end_date": day(3)})
    assert made["closed_at"] is None
    close = f"/assignments/{made['id']}/close"
    for end in (day(1), day(-4)):
        assert pointers(api.refused(422, "POST", close, {"end_date": end})) == ["/end_date"]
    closed = api.act(close, {"end_date": day(-1), "notes": "As new."})
    assert (closed["end_date"], closed["notes"]) == (day(-1), "As new.")
    told = api.refused(409, "POST", close)
    assert (slug(told), told["state"], told["allowed"]) == ("assignment-closed", "closed", [])
    story = api.items(f"/assets/{asset['id']}/circulations")
    assert [one["circulation_type"] for one in story] == ["issue", "return"]
    assert custody(api, asset) == (None, 0, 1)


def test_an_open_assignment_changes_its_dates_to_come(api: Api, asset: Json, person: Json) -> None:
    made = api.post("/asset-assignments", {"asset_id": asset["id"], "person_id": person["id"]})
    place = f"/assignments/{made['id']}"
    assert api.get(place) == made
    changed = api.patch(place, {"due_on": day(7), "end_date": day(9), "notes": "For the trip."})
    assert (changed["due_on"], changed["end_date"]) == (day(7), day(9))
    api.refused(422, "PATCH", place, {"end_date": day(-1)})
    for name, value in (("quantity", 2), ("person_id", person["id"]), ("start_date", day(-1))):
        assert pointers(api.refused(422, "PATCH", place, {name: value})) == [f"/{name}"]
    api.act(f"{place}/close")
    told = api.refused(409, "PATCH", place, {"due_on": day(8)})
    assert slug(told) == "assignment-closed"
    assert api.patch(place, {"notes": "Back."})["notes"] == "Back."


def test_what_is_overdue_is_found(api: Api, person: Json) -> None:
    late, soon = new_asset(api), new_asset(api)
    for asset, due in ((late, day(-1)), (soon, day(0))):
        body = {"person_id": person["id"], "start_date": day(-5), "due_on": due}
        api.post(f"/assets/{asset['id']}/assignments", body)
    of = {"person_id": person["id"]}
    found = {
        value: [one["asset_id"] for one in api.items("/asset-assignments", is_overdue=value, **of)]
        for value in ("true", "false", "any")
    }
    assert found == {
        "true": [late["id"]], "false": [soon["id"]], "any": [late["id"], soon["id"]]
    }  # fmt: skip
    circulate(api, late, "return")
    assert api.items("/asset-assignments", is_overdue="true", **of) == []


def test_days_are_those_of_the_tenant(tenant: Tenant, api: Api) -> None:
    """At 12:00 UTC it is the next day already where the clock is 14 hours ahead."""
    asset, person = new_asset(api), new_person(api)
    before = tenant.admin.get(f"/tenants/{tenant.id}")["settings"]
    api.patch(f"/tenants/{tenant.id}", {"settings": {"time_zone": "Pacific/Kiritimati"}})
    try:
        circulate(api, asset, "issue", person_id=person["id"], occurred_at="2026-03-01T12:00:00Z")
        (held,) = assignments(api, asset)
        assert held["start_date"] == "2026-03-02"
    finally:
        api.patch(f"/tenants/{tenant.id}", {"settings": {"time_zone": before["time_zone"]}})
    assert date.fromisoformat(held["start_date"]) < date.today()  # noqa: DTZ011


@pytest.mark.parametrize("way", ["return", "close"])
def test_what_began_a_day_later_elsewhere_comes_back(world: World, way: str) -> None:
    """The tenant's clock is set back by a day meanwhile."""
    own = world.new_tenant()
    api, place = own.admin, f"/tenants/{own.id}"
    api.patch(place, {"settings": {"time_zone": "Pacific/Kiritimati"}})
    asset, person = new_asset(api), new_person(api)
    circulate(api, asset, "issue", person_id=person["id"])
    (held,) = assignments(api, asset)
    api.patch(place, {"settings": {"time_zone": "Pacific/Pago_Pago"}})
    if way == "return":
        circulate(api, asset, "return")
    else:
        api.act(f"/assignments/{held['id']}/close")
    (closed,) = assignments(api, asset)
    assert closed["end_date"] >= closed["start_date"]


def test_the_least_that_an_event_takes(api: Api, asset: Json) -> None:
    for kind, pointer in (
        ("issue", "/person_id"),
        ("move", "/location_id"),
        ("receive", "/location_id"),
    ):
        assert pointers(refused_circulation(api, 422, asset, kind)) == [pointer]
    circulate(api, asset, "confirm")
    assert slug(refused_circulation(api, 409, asset, "return")) == "asset-not-out"
    for quantity in (0, -1, 1.5, "2", True):
        told = refused_circulation(api, 422, asset, "confirm", quantity=quantity)
        assert pointers(told) == ["/quantity"]
    assert pointers(refused_circulation(api, 422, asset, "confirm", quantity=2)) == ["/quantity"]


def test_events_stay_as_they_are(api: Api, asset: Json) -> None:
    event = circulate(api, asset, "confirm")
    place = f"/asset-circulations/{event['id']}"
    api.refused(405, "PATCH", place, {"notes": "No."})
    api.refused(405, "DELETE", place)
    assert api.get(place) == event


def test_whoever_is_archived_gives_back(api: Api, asset: Json, person: Json) -> None:
    circulate(api, asset, "issue", person_id=person["id"])
    api.act(f"/persons/{person['id']}/archive")
    told = refused_circulation(api, 409, new_asset(api), "issue", person_id=person["id"])
    assert slug(told) == "reference-archived"
    circulate(api, asset, "return", person_id=person["id"])
    assert custody(api, asset) == (None, 0, 1)


def test_a_part_that_comes_back_from_a_place_leaves_the_stock_where_it_is(api: Api) -> None:
    store, room = new_location(api), new_location(api)
    stock = new_stock(api, 30)
    circulate(api, stock, "receive", location_id=store["id"], quantity=30)
    held = {"location_id": room["id"], "quantity": 10}
    api.post(f"/assets/{stock['id']}/assignments", held)
    circulate(api, stock, "return", location_id=room["id"], quantity=4)
    now = shown(api, stock)
    assert (now["location_id"], now["quantity_available"]) == (store["id"], 24)
    assert stock["id"] in {one["id"] for one in api.items("/assets", location_id=store["id"])}
    api.act(f"/assets/{stock['id']}/mark-lost")
    (last,) = api.items(f"/assets/{stock['id']}/circulations", sort="-id", limit=1)
    assert (last["circulation_type"], last["location_id"]) == ("return", room["id"])


def test_all_that_somebody_has_of_a_lost_stock_comes_back_by_one_event(
    api: Api, person: Json
) -> None:
    stock, room = new_stock(api, 9), new_location(api)
    for _ in range(3):
        circulate(api, stock, "issue", person_id=person["id"])
    api.post(f"/assets/{stock['id']}/assignments", {"location_id": room["id"], "quantity": 4})
    api.act(f"/assets/{stock['id']}/mark-lost")
    assert custody(api, stock) == (None, 0, 9)
    returns = api.items(f"/assets/{stock['id']}/circulations", circulation_type="return")
    told = {one["person_id"] or one["location_id"]: one["quantity"] for one in returns}
    assert told == {person["id"]: 3, room["id"]: 4}
    assert assignments(api, stock, is_open="true") == []


def test_what_happened_below_a_place_is_found(api: Api, asset: Json) -> None:
    site = new_location(api)
    room = new_location(api, site)
    moved = circulate(api, asset, "move", location_id=room["id"])
    within = {"location_id__within": site["id"]}
    assert api.items("/asset-circulations", **within) == [moved]
    stock = new_stock(api, 5)
    api.post(f"/assets/{stock['id']}/assignments", {"location_id": room["id"]})
    (held,) = api.items("/asset-assignments", **within)
    assert held["asset_id"] == stock["id"]
    repair = api.post(
        "/asset-repairs", {"asset_id": asset["id"], "title": "Hinge", "location_id": room["id"]}
    )
    api.post("/asset-repairs", {"asset_id": asset["id"], "title": "Elsewhere"})
    assert [one["id"] for one in api.items("/asset-repairs", **within)] == [repair["id"]]
    api.act(f"/issues/{repair['issue_id']}/archive")
    both = f"{room['id']},{site['id']}"
    for narrowed in (within, {"location_id": room["id"]}, {"location_id": both}):
        assert api.items("/asset-repairs", **narrowed) == []


@pytest.mark.parametrize("is_refused", [True, False])
def test_several_are_moved_together_or_none(
    database: Database, tenant: Tenant, api: Api, *, is_refused: bool
) -> None:
    room, assets = new_location(api), [new_asset(api) for _ in range(3)]
    if is_refused:
        api.act(f"/assets/{assets[1]['id']}/mark-lost")
    body = CirculationCreate(
        asset_id=assets[0]["id"], circulation_type="move", location_id=room["id"]
    )
    with kernel(**database.variables(database.app_url)), engine().connect() as connection:
        scope = Scope(connection, "test", Token.parse(str(api.token)), tenant.id)
        with pytest.raises(AssetNotActive) if is_refused else nullcontext():
            Circulations(scope).tell_of([asset["id"] for asset in assets], body.model_dump())
        driver(connection).commit()
    place = None if is_refused else room["id"]
    assert [shown(api, asset)["location_id"] for asset in assets] == [place] * 3
    with kernel(**database.variables(database.app_url)), engine().connect() as connection:
        scope = Scope(connection, "test", Token.parse(str(api.token)), tenant.id)
        with pytest.raises(ValidationFailed):
            Circulations(scope).tell_of(["01J0000000000000000000000Z"], body.model_dump())
