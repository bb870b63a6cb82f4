"""The demo data: what a fresh run holds of them, and that chance falls alike every time."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.demo import TENANT, fill
from local.demo.network import CORE
from local.demo.schooling import GRADES
from local.postgres import Postgres
from nexus.access.scope import ROOT_TENANT_ID, Scope
from nexus.access.tokens import Token
from nexus.db.engine import engine
from nexus.pg import driver
from tests.local import transcripts
from tests.local.running import Run, python_of_make_run, running
from tests.local.shown import Sender, shown
from tests.support.api import Api
from tests.support.database import Rows, Session
from tests.support.stack import PYTHON_PATH, REPOSITORY, Database, kernel

EMAIL, PASSWORD = "Chief@School.example", "a long one, this"
# All that was written, without what is another each time: ids and moments.
MADE = r"""
    SELECT resource, regexp_replace(changes::text,
        '[0-7][0-9A-HJKMNP-TV-Z]{{25}}|\d{{4}}-\d\d-\d\dT[^"]*', '', 'g')
    FROM audit_events WHERE tenant_id = {tenant} AND action = 'insert' ORDER BY 1, 2
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """With the packages alone that `make run` installs: all that is shown here needs no others."""
    folder: Path = tmp_path_factory.mktemp("demo")
    python = python_of_make_run(tmp_path_factory.mktemp("python"))
    settings = {"NEXUS_DEMO": "1", "NEXUS_ADMIN_EMAIL": EMAIL, "NEXUS_ADMIN_PASSWORD": PASSWORD}
    with running(folder, python, WORKERS="1", **settings) as run:
        assert "were not loaded" not in run.said
        yield run


@pytest.fixture(scope="module", autouse=True)
def made(run: Run) -> Rows:
    """What was made, before a test adds to it."""
    postgres = Postgres(run.data_dir / "postgres")
    postgres.join()
    with Session(postgres.url()) as session:
        return session.run(MADE.format(tenant=f"(SELECT id FROM tenants WHERE name = '{TENANT}')"))


@pytest.fixture(scope="module")
def district(run: Run) -> Iterator[httpx.Client]:
    token = run.sign_in(PASSWORD, EMAIL.lower()).json()["access_token"]
    with httpx.Client(base_url=run.url, headers={"Authorization": f"Bearer {token}"}) as http:
        (tenant,) = http.get("/tenants", params={"name": TENANT}).json()["items"]
        http.headers["X-Tenant-Id"] = tenant["id"]
        yield http


def _items(district: httpx.Client, path: str, **params: str | int) -> list[dict[str, Any]]:
    answer = district.get(path, params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_the_administrator_whom_settings_choose_has_the_district(district: httpx.Client) -> None:
    tenants = district.get("/tenants", params={"is_root": "false"}).json()["items"]
    assert tenants[0]["name"] == "Lakeside School District"
    (group,) = _items(district, "/groups", name="Technology")
    assert len(_items(district, f"/groups/{group['id']}/memberships")) == 3


def test_a_search_without_accents_finds_the_teacher_and_both_names(district: httpx.Client) -> None:
    names = _items(district, "/identities", q="zoe")
    assert {(name["first_name"], name["last_name"]) for name in names} == {
        ("Zoë", "Ito"),
        ("Zoë", "Vandenberg"),
    }
    assert len({name["person_id"] for name in names}) == 1
    (teacher,) = _items(district, "/persons", q="vandenberg")
    contacts = _items(district, f"/persons/{teacher['id']}/contacts")
    assert [contact["value"] for contact in contacts if contact["type"] == "email"] == [
        "zoe.ito@lakeside.example"
    ]


def test_a_user_of_the_district_is_a_person_too(district: httpx.Client) -> None:
    (user,) = _items(district, "/users", username="e.yilmaz")
    assert len(_items(district, "/persons", user_id=user["id"])) == 1


def test_a_school_has_buildings_floors_and_rooms(district: httpx.Client) -> None:
    (school,) = _items(district, "/locations", code="LKH")
    tree = district.get(f"/locations/{school['id']}/tree").json()
    assert [building["name"] for building in tree["children"]] == [
        "Gymnasium",
        "Main Building",
        "Science Wing",
    ]
    rooms = {room["name"] for room in tree["children"][1]["children"][0]["children"]}
    assert {"Library", "Network Closet", "Room 101"} <= rooms


def test_all_schools_and_services_stand_on_the_core_switch(district: httpx.Client) -> None:
    (core,) = _items(district, "/configuration-items", name=CORE)
    impact = district.get(f"/configuration-items/{core['id']}/impact?depth=10").json()
    names = {item["name"] for item in impact["items"]}
    assert {f"{school}-ap-01" for school in ("hbe", "lke", "lkm", "lkh")} <= names
    assert {"Learning Platform", "Student Information System", "School Wi-Fi"} <= names
    assert "ups-01" not in names


def test_pupils_learn_and_staff_works_in_this_year_and_last(district: httpx.Client) -> None:
    (year,) = _items(district, "/school-years", is_current="true")
    for school in _items(district, "/schools", code=",".join(GRADES)):
        enrolled = {"school_year_id": year["id"], "status": "enrolled", "limit": 200}
        listed = _items(
            district,
            f"/schools/{school['id']}/enrollments",
            sort="person.sort_name",
            expand="person,grade_level",
            **enrolled,
        )
        assert len(listed) >= 30
        assert all(one["person"]["sort_name"] and one["grade_level"]["code"] for one in listed)
        working = _items(district, f"/schools/{school['id']}/employment-assignments", limit=200)
        assert len([one for one in working if one["status"] == "active"]) >= 10
    for status in ("enrolled", "withdrawn", "graduated", "transferred"):
        assert _items(district, "/school-enrollments", status=status, limit=1), status
    for status in ("pending", "hired", "terminated", "retired"):
        assert _items(district, "/school-employments", status=status, limit=1), status
    assert _items(district, "/school-employment-assignments", status="ended")


def test_devices_are_in_carts_rooms_and_hands_and_in_every_state(district: httpx.Client) -> None:
    found = district.get("/assets", params={"count": "true", "archived": "any", "limit": 1})
    assert 1100 <= found.json()["total"] <= 1200
    for status in ("active", "archived", "retired", "disposed", "lost", "stolen"):
        assert _items(district, "/assets", status=status, archived="any", limit=1), status
    (type_,) = _items(district, "/location-types", name="Cart")
    for cart in _items(district, "/locations", type_id=type_["id"]):
        assert len(_items(district, "/assets", location_id=cart["id"])) >= 8
    assert len(_items(district, "/asset-assignments", is_overdue="true")) >= 5
    (chargers,) = _items(district, "/assets", q="charger")
    assert 0 < chargers["quantity_out"] < chargers["quantity"]


def test_a_device_has_been_in_several_hands(district: httpx.Client) -> None:
    confirmed = _items(district, "/asset-circulations", circulation_type="confirm", limit=100)
    told = [
        [event["circulation_type"] for event in _items(district, path, sort="occurred_at")]
        for path in (f"/assets/{event['asset_id']}/circulations" for event in confirmed)
    ]
    assert ["receive", "issue", "return", "issue", "confirm", "return", "issue"] in told


def test_hardware_of_the_network_is_an_asset_where_the_item_is(district: httpx.Client) -> None:
    (core,) = _items(district, "/configuration-items", name=CORE)
    asset = district.get(f"/assets/{core['asset_id']}?expand=location,asset_type").json()
    assert (asset["location"]["name"], asset["asset_type"]["name"]) == ("Server Room", "Switch")


def test_repairs_go_through_their_workflow(district: httpx.Client) -> None:
    repairs = _items(district, "/asset-repairs", expand="status", limit=100)
    categories = {repair["status"]["category"] for repair in repairs}
    assert categories == {"open", "in_progress", "done"}
    assert _items(district, "/assets", open_repair_count__gte=1, limit=1)


def test_issues_are_in_every_state_with_what_was_said_and_done(district: httpx.Client) -> None:
    issues = _items(district, "/issues", limit=200, sort="created_at")
    assert 100 <= len(issues) <= 150
    assert {issue["category"] for issue in issues} == {"open", "in_progress", "done"}
    assert len({issue["kind"] for issue in issues}) == 6
    assert len({issue["reporter_id"] for issue in issues}) == 6
    first = next(issue for issue in issues if issue["previous_keys"])
    (moved,) = _items(district, "/issues", key=first["previous_keys"][0])
    assert (moved["id"], moved["key"].split("-")[0]) == (first["id"], "NET")
    (closed, *_) = _items(district, "/issues", kind="change", category="done")
    kinds = {one["kind"] for one in _items(district, f"/issues/{closed['id']}/activity")}
    assert {"created", "transitioned", "linked", "watched"} <= kinds
    assert len(_items(district, f"/issues/{closed['id']}/history")) >= 5


@pytest.mark.parametrize("document", ["README.md", "docs/guide.md"])
def test_what_a_document_shows_is_what_comes(run: Run, document: str, tmp_path: Path) -> None:
    text = (REPOSITORY / document).read_text()
    for word, here in (
        ("http://127.0.0.1:8000", run.url),
        ("administrator@nexus.example", EMAIL.lower()),
        ("the password that was printed", PASSWORD),
    ):
        text = text.replace(word, here)
    for block, said in transcripts.typed(
        transcripts.read(text), tmp_path, is_repeated=document == "README.md"
    ):
        assert block.tells(said), f"{block.commands}\nshows\n{block.shown}\nand says\n{said}"
    assert not list(tmp_path.iterdir())


def test_what_the_document_shows_works_as_it_stands(run: Run) -> None:
    """As the administrator, in the district."""
    with httpx.Client(base_url=run.url, timeout=30) as http:
        sender = Sender(http, EMAIL.lower(), PASSWORD)
        failed = [told for one in shown() for told in sender.failures(one)]
    assert not failed, "\n".join(failed)


def test_the_same_data_are_made_every_time(made: Rows, database: Database, root: Api) -> None:
    """By another process, with other seeds of its hashes, in another database."""
    with kernel(**database.variables(database.app_url)), engine().connect() as connection:
        driver(connection).prepares = True
        fill(Scope(connection, "demo", Token.parse(str(root.token)), ROOT_TENANT_ID))
        rows = connection.exec_driver_sql(MADE.format(tenant="nexus.tenant_id()")).mappings()
        again = [dict(row) for row in rows]
        connection.rollback()
    assert len(again) > 1000
    assert again == made


def test_a_job_runs_by_hand_beside_a_run(run: Run) -> None:
    def told(**settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [run.python, "-m", "local.job"],
            cwd=REPOSITORY,
            env={"PYTHONPATH": PYTHON_PATH, "NEXUS_DATA_DIR": str(run.data_dir), **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    dry = json.loads(told(JOB="sweep-attachments", DRY_RUN="1").stdout)
    assert (dry["dry_run"], dry["finished"], dry["done"]["objects"]) == (True, True, 0)
    done = json.loads(told(JOB="expire-sessions").stdout)
    assert (done["dry_run"], done["finished"]) == (False, True)
    unknown = told(JOB="make-coffee")
    assert unknown.returncode == 1
    assert "JOB is one of expire-sessions, close-assignments" in unknown.stderr
