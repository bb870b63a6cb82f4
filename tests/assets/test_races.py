"""What meets at once: whatever comes first, the state is one that the rules allow."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from local.pooler import Pooler, role_of
from tests.support.api import Api, Json, connect
from tests.support.assets import circulate, new_asset, new_model, new_stock, shown
from tests.support.database import Session
from tests.support.makers import MAKERS, new_person
from tests.support.races import at_once, eventually
from tests.support.stack import Database, serving

Call = Callable[[], httpx.Response]
CONNECTIONS = 16


def doors(api: Api, asset: Json, person: Json) -> list[Call]:
    """The three ways to issue an asset."""
    body = {"asset_id": asset["id"], "person_id": person["id"]}
    event = {**body, "circulation_type": "issue"}
    below = f"/assets/{asset['id']}/assignments"
    return [
        partial(api.send, "POST", "/asset-circulations", json=event),
        partial(api.send, "POST", "/asset-assignments", json=body),
        partial(api.send, "POST", below, json={"person_id": person["id"]}),
    ]


def sent(api: Api, method: str, path: str, **body: Any) -> Call:
    return partial(api.send, method, path, json=body)


def all_of(calls: list[Call]) -> Counter[int]:
    """The answers' statuses, of as many calls at a time as there are connections."""
    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return Counter(answer.status_code for answer in threads.map(lambda call: call(), calls))


def consistent(api: Api, asset: Json) -> Json:
    """The asset as it is now, which agrees with its assignments and events."""
    now = shown(api, asset)
    held = api.items(f"/assets/{asset['id']}/assignments", is_open="true", limit=200)
    assert now["quantity_out"] == sum(one["quantity"] for one in held) <= now["quantity"]
    assert not held or now["status"] in ("active", "archived")
    events = api.items(f"/assets/{asset['id']}/circulations", limit=200)
    issued, returned = (
        sum(one["quantity"] for one in events if one["circulation_type"] == kind)
        for kind in ("issue", "return")
    )
    assert issued - returned == now["quantity_out"]
    return now


@pytest.fixture(scope="module")
def through_pooler(database: Database) -> Iterator[str]:
    """The address of a server whose connections a PgBouncer shares out."""
    url = database.app_url
    at = make_url(url)
    with Pooler(url, role_of(url), default_pool_size=CONNECTIONS) as pooler:
        pooled = pooler.url(str(at.username), database.app_password, str(at.database))
        with serving(database, NEXUS_DATABASE_URL=pooled) as address:
            yield address


@pytest.fixture(params=["direct", "pooled"])
def caller(request: pytest.FixtureRequest, api: Api) -> Iterator[Api]:
    if request.param == "direct":
        yield api
        return
    with connect(request.getfixturevalue("through_pooler")) as http:
        yield api.through(http)


def test_of_a_hundred_issues_through_three_doors_one_succeeds(caller: Api) -> None:
    api = caller
    asset, person = new_asset(api), new_person(api)
    calls = list(islice(cycle(doors(api, asset, person)), 100))
    assert all_of(calls) == {201: 1, 409: 99}
    assert consistent(api, asset)["person_id"] == person["id"]


def test_of_two_hundred_issues_from_a_stock_of_fifty_fifty_succeed(caller: Api) -> None:
    api = caller
    stock, person = new_stock(api, 50), new_person(api)
    calls = list(islice(cycle(doors(api, stock, person)), 200))
    assert all_of(calls) == {201: 50, 409: 150}
    assert consistent(api, stock)["quantity_available"] == 0


ACTIONS = ("retire", "mark-lost", "archive")


@pytest.mark.parametrize("action", ACTIONS)
def test_an_issue_meets_the_end_of_an_asset(api: Api, action: str) -> None:
    person = new_person(api)
    for _ in range(4):
        asset = new_asset(api)
        issue = doors(api, asset, person)[0]
        ended, issued = at_once([sent(api, "POST", f"/assets/{asset['id']}/{action}"), issue])
        assert ended.status_code == 200
        assert issued.status_code in (201, 409)
        now = consistent(api, asset)
        is_kept = action == "archive" and issued.status_code == 201
        assert now["quantity_out"] == int(is_kept)


def test_a_return_meets_an_issue(api: Api) -> None:
    first, second = new_person(api), new_person(api)
    for _ in range(4):
        asset = new_asset(api)
        circulate(api, asset, "issue", person_id=first["id"])
        back = sent(
            api, "POST", "/asset-circulations", asset_id=asset["id"], circulation_type="return"
        )
        returned, issued = at_once([back, doors(api, asset, second)[1]])
        assert (returned.status_code, issued.status_code) in [(201, 201), (201, 409)]
        now = consistent(api, asset)
        assert now["person_id"] == (second["id"] if issued.status_code == 201 else None)


def test_two_returns_meet(api: Api) -> None:
    asset, person = new_asset(api), new_person(api)
    circulate(api, asset, "issue", person_id=person["id"])
    (held,) = api.items(f"/assets/{asset['id']}/assignments")
    back = sent(api, "POST", "/asset-circulations", asset_id=asset["id"], circulation_type="return")
    close = sent(api, "POST", f"/assignments/{held['id']}/close")
    assert Counter(a.status_code for a in at_once([back, close])) in (
        {201: 1, 409: 1},
        {200: 1, 409: 1},
    )
    consistent(api, asset)


def test_a_lower_quantity_meets_issues(api: Api) -> None:
    person = new_person(api)
    for _ in range(4):
        stock = new_stock(api, 3)
        lower = sent(api, "PATCH", f"/assets/{stock['id']}", quantity=1)
        answers = at_once([lower, *islice(cycle(doors(api, stock, person)), 3)])
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        now = consistent(api, stock)
        assert now["quantity"] == (1 if answers[0].status_code == 200 else 3)


@pytest.mark.parametrize("kind", ["issue", "return"])
def test_of_two_corrections_of_one_event_one_succeeds(api: Api, kind: str) -> None:
    asset, person = new_asset(api), new_person(api)
    event = circulate(api, asset, "issue", person_id=person["id"])
    if kind == "return":
        event = circulate(api, asset, "return")
    other = {"issue": "return", "return": "issue"}[kind]
    correct = sent(
        api, "POST", "/asset-circulations",
        asset_id=asset["id"], circulation_type=other, corrects_id=event["id"],
    )  # fmt: skip
    answers = at_once([correct] * 4)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 3}
    consistent(api, asset)


def test_repairs_of_one_asset_are_opened_and_closed_at_once(api: Api) -> None:
    asset = new_asset(api)
    opened = at_once([sent(api, "POST", "/asset-repairs", asset_id=asset["id"], title="Hinge")] * 6)
    assert {answer.status_code for answer in opened} == {201}
    assert shown(api, asset)["open_repair_count"] == 6
    archived = [
        sent(api, "POST", f"/issues/{answer.json()['issue_id']}/archive") for answer in opened[:4]
    ]
    assert {answer.status_code for answer in at_once(archived)} == {200}
    assert shown(api, asset)["open_repair_count"] == 2


def test_a_model_changes_while_assets_are_made_of_it(api: Api) -> None:
    model, type_ = new_model(api), MAKERS["asset_type_id"].new(api)
    change = sent(api, "PATCH", f"/asset-models/{model['id']}", asset_type_id=type_["id"])
    makes = [
        sent(api, "POST", "/assets", model_id=model["id"], name="Laptop", serial_number=str(n))
        for n in range(6)
    ]
    assert {answer.status_code for answer in at_once([*makes, change])} == {200, 201}
    found = api.items("/assets", model_id=model["id"])
    assert {asset["asset_type_id"] for asset in found} == {type_["id"]}


def test_who_gives_an_asset_another_model_holds_the_model_first(
    api: Api, superuser: Session
) -> None:
    """As whoever changes a model does: of two that meet none waits for the other's asset."""
    asset, model = new_asset(api), new_model(api)
    change = sent(api, "PATCH", f"/assets/{asset['id']}", model_id=model["id"])
    superuser.run("BEGIN")
    superuser.run("SELECT FROM asset_models WHERE id = :id FOR UPDATE", id=model["id"])
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(change)
        eventually(superuser.holds_up_another)
        superuser.run("SELECT FROM assets WHERE id = :id FOR UPDATE NOWAIT", id=asset["id"])
        superuser.run("COMMIT")
        assert answer.result().json()["model_id"] == model["id"]


def test_a_model_changes_while_its_assets_change_hands(api: Api) -> None:
    """Both the model and what is issued or ended are changed: neither waits for the other's end."""
    model, person = new_model(api), new_person(api)
    types = [MAKERS["asset_type_id"].new(api)["id"] for _ in range(2)]
    room = MAKERS["location_id"].new(api)
    assets = [new_asset(api, model_id=model["id"]) for _ in range(6)]
    for turn in range(3):
        change = sent(api, "PATCH", f"/asset-models/{model['id']}", asset_type_id=types[turn % 2])
        out = [
            sent(
                api,
                "POST",
                "/asset-circulations",
                asset_id=asset["id"],
                circulation_type="issue",
                person_id=person["id"],
                location_id=room["id"],
            )
            for asset in assets
        ]
        ends = [sent(api, "POST", f"/assets/{asset['id']}/retire") for asset in assets]
        for calls in (out, ends):
            assert {answer.status_code for answer in at_once([*calls, change])} <= {200, 201}
        for asset in assets:
            api.act(f"/assets/{asset['id']}/restore")


def test_a_repair_meets_the_deletion_of_its_asset(api: Api) -> None:
    for _ in range(6):
        asset = new_asset(api)
        gone: Call = partial(api.send, "DELETE", f"/assets/{asset['id']}")
        opened = sent(api, "POST", "/asset-repairs", asset_id=asset["id"], title="Hinge")
        deleted, *repairs = at_once([gone, opened, opened, opened])
        kept = [answer for answer in repairs if answer.status_code == 201]
        assert {answer.status_code for answer in repairs} <= {201, 422}
        assert deleted.status_code == (409 if kept else 204)
