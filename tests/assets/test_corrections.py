"""What corrects an event of custody, and what cannot be corrected any more."""

from tests.support.api import Api, Json, pointers, slug
from tests.support.assets import (
    ago,
    assignments,
    circulate,
    custody,
    new_asset,
    new_stock,
    refused_circulation,
    shown,
)
from tests.support.makers import new_location, new_person


def test_a_mistaken_return_is_corrected(api: Api, asset: Json, person: Json) -> None:
    circulate(api, asset, "issue", person_id=person["id"], occurred_at=ago(days=9))
    (before,) = assignments(api, asset)
    mistake = circulate(api, asset, "return")
    corrected = circulate(api, asset, "issue", corrects_id=mistake["id"])
    assert corrected["person_id"] == person["id"]
    (after,) = assignments(api, asset)
    assert (after["closed_at"], after["end_date"], after["start_date"]) == (
        None,
        None,
        before["start_date"],
    )
    assert custody(api, asset) == (person["id"], 1, 0)
    told = refused_circulation(api, 409, asset, "issue", corrects_id=mistake["id"])
    assert slug(told) == "already-corrected"
    circulate(api, asset, "return")
    told = refused_circulation(api, 409, asset, "issue", corrects_id=mistake["id"])
    assert slug(told) == "already-corrected"


def test_a_mistaken_return_stays_once_another_has_it(api: Api, asset: Json, person: Json) -> None:
    circulate(api, asset, "issue", person_id=person["id"])
    mistake = circulate(api, asset, "return")
    other = new_person(api)
    circulate(api, asset, "issue", person_id=other["id"])
    circulate(api, asset, "return")
    told = refused_circulation(api, 409, asset, "issue", corrects_id=mistake["id"])
    assert slug(told) == "custody-overlaps"
    assert custody(api, asset) == (None, 0, 1)


def test_what_one_return_closed_goes_on_together_or_not_at_all(api: Api, person: Json) -> None:
    stock, other = new_stock(api, 5), new_person(api)
    for _ in range(4):
        circulate(api, stock, "issue", person_id=person["id"])
    mistake = circulate(api, stock, "return", quantity=4)
    circulate(api, stock, "issue", quantity=4, corrects_id=mistake["id"])
    assert custody(api, stock) == (None, 4, 1)
    mistake = circulate(api, stock, "return", quantity=4)
    circulate(api, stock, "issue", person_id=other["id"], quantity=2)
    circulate(api, stock, "return", quantity=2)
    told = refused_circulation(api, 409, stock, "issue", quantity=4, corrects_id=mistake["id"])
    assert slug(told) == "custody-overlaps"
    assert custody(api, stock) == (None, 0, 5)


def test_a_mistaken_issue_was_no_custody(api: Api, asset: Json, person: Json) -> None:
    mistake = circulate(api, asset, "issue", person_id=person["id"], occurred_at=ago(days=2))
    circulate(api, asset, "return", corrects_id=mistake["id"])
    other = new_person(api)
    circulate(api, asset, "issue", person_id=other["id"], occurred_at=ago(days=2))
    assert custody(api, asset) == (other["id"], 1, 0)
    undone, held = assignments(api, asset)
    assert undone["start_date"] == undone["end_date"]
    assert (undone["is_undone"], held["is_undone"]) == (True, False)
    assert held["closed_at"] is None


def test_a_mistaken_issue_is_undone_though_it_was_returned_and_others_had_it_since(
    api: Api, asset: Json, person: Json
) -> None:
    other = new_person(api)
    mistake = circulate(api, asset, "issue", person_id=person["id"], occurred_at=ago(days=9))
    returned = circulate(api, asset, "return", occurred_at=ago(days=8))
    circulate(api, asset, "issue", person_id=other["id"], occurred_at=ago(days=7))
    circulate(api, asset, "return", corrects_id=mistake["id"])
    assert custody(api, asset) == (other["id"], 1, 0)
    spans = [(one["person_id"], one["is_undone"]) for one in assignments(api, asset)]
    assert spans == [(person["id"], True), (other["id"], False)]
    circulate(api, asset, "return")
    told = refused_circulation(api, 409, asset, "issue", corrects_id=returned["id"])
    assert slug(told) == "issue-undone"
    assert custody(api, asset) == (None, 0, 1)


def test_a_mistaken_issue_is_undone_though_some_of_it_was_returned(api: Api, person: Json) -> None:
    stock = new_stock(api, 5)
    mistake = circulate(api, stock, "issue", person_id=person["id"], quantity=2)
    circulate(api, stock, "issue", person_id=person["id"], quantity=3)
    returned = circulate(api, stock, "return", quantity=4)
    circulate(api, stock, "return", corrects_id=mistake["id"])
    assert custody(api, stock) == (None, 1, 4)
    told = refused_circulation(api, 409, stock, "issue", corrects_id=returned["id"])
    assert slug(told) == "issue-undone"
    assert custody(api, stock) == (None, 1, 4)
    undone = {one["quantity"] for one in assignments(api, stock) if one["is_undone"]}
    assert undone == {2}


def test_corrections_are_of_the_right_kind(api: Api, asset: Json, person: Json) -> None:
    room = new_location(api)
    issued = circulate(api, asset, "issue", person_id=person["id"])
    moved = circulate(api, asset, "move", location_id=room["id"])
    wrong = [
        ("issue", issued, {"person_id": person["id"]}),
        ("move", issued, {"location_id": room["id"]}),
        ("return", moved, {}),
        ("receive", moved, {"location_id": room["id"]}),
    ]
    for kind, event, given in wrong:
        told = refused_circulation(api, 422, asset, kind, corrects_id=event["id"], **given)
        assert pointers(told) == ["/corrects_id"]
    of_another = circulate(api, new_asset(api), "move", location_id=room["id"])
    for id_ in (of_another["id"], "01J0000000000000000000000Z"):
        told = refused_circulation(api, 422, asset, "move", corrects_id=id_, location_id=room["id"])
        assert pointers(told) == ["/corrects_id"]
    told = refused_circulation(
        api, 422, asset, "return", corrects_id=issued["id"], occurred_at=ago(days=1)
    )
    assert pointers(told) == ["/occurred_at"]


def test_what_undid_something_is_not_undone(api: Api, asset: Json, person: Json) -> None:
    mistake = circulate(api, asset, "issue", person_id=person["id"], occurred_at=ago(days=3))
    undone = circulate(api, asset, "return", corrects_id=mistake["id"])
    told = refused_circulation(api, 422, asset, "issue", corrects_id=undone["id"])
    assert pointers(told) == ["/corrects_id"]
    circulate(api, asset, "issue", person_id=person["id"], occurred_at=ago(days=3))
    back = circulate(api, asset, "return")
    again = circulate(api, asset, "issue", corrects_id=back["id"])
    told = refused_circulation(api, 422, asset, "return", corrects_id=again["id"])
    assert pointers(told) == ["/corrects_id"]
    assert custody(api, asset) == (person["id"], 1, 0)


def test_a_corrected_move_happened_when_it_did(api: Api, asset: Json) -> None:
    wrong, right, later = (new_location(api) for _ in range(3))
    moved = circulate(api, asset, "move", location_id=wrong["id"], occurred_at=ago(days=5))
    circulate(api, asset, "move", location_id=later["id"], occurred_at=ago(days=1))
    told = circulate(api, asset, "move", location_id=right["id"], corrects_id=moved["id"])
    assert told["occurred_at"] == moved["occurred_at"]
    assert shown(api, asset)["location_id"] == later["id"]
