"""CONTRIBUTING's checklist names every place that a resource is in, and each resource is there."""

import re
from pathlib import Path

import pytest

from tests.contract.joined import contracts
from tests.conventions.routes import promised
from tests.support.documented import PATHS, collections
from tests.support.makers import MAKERS

ROOT = Path(__file__).parents[2]
CHECKLIST = (ROOT / "CONTRIBUTING.md").read_text().partition("## Adding a plain resource")[2]
MODULE = {route.path: route.module for route in promised()}
MADE = [path for path in collections() if "post" in PATHS[path]]


# Their own path names them.
OTHERWISE = {
    "/assets/{asset_id}/assignments": "asset_assignments",
    "/schools/{school_id}/calendars": "school_calendars",
    "/school-calendars/{school_calendar_id}/enrollments": "school_enrollments",
    "/school-employments/{school_employment_id}/assignments": "school_employment_assignments",
}


def table(path: str) -> str:
    return OTHERWISE.get(path) or path.rpartition("/")[2].replace("-", "_")


def declared(path: str) -> str:
    return (ROOT / "functions" / MODULE[path] / "tables.py").read_text()


def written(module: str) -> str:
    return "\n".join(file.read_text() for file in (ROOT / "functions" / module).rglob("*.py"))


def migrated() -> str:
    versions = ROOT / "functions" / "migrations" / "versions"
    return "\n".join(file.read_text() for file in versions.rglob("*.sql"))


@pytest.mark.parametrize("path", MADE)
def test_a_resource_is_where_the_checklist_says(path: str) -> None:
    assert f'"{table(path)}"' in declared(path)
    assert f"CREATE TABLE {table(path)} (\n    LIKE nexus." in migrated()
    assert f"/{path.rpartition('/')[2]}" in written(MODULE[path])
    assert f"\n  {path}:\n" in (ROOT / "infra" / "api.yaml").read_text()
    assert path in PATHS
    assert path in {one.path for one in contracts()}


@pytest.mark.parametrize(
    "place",
    [
        "tests/conventions/routes.csv",
        "functions/<module>/tables.py",
        "functions/migrations/versions/<number>_<what>.py",
        "functions/migrations/sql/<module>/",
        "functions/<module>/<plural>.py",
        "functions/<module>/routes.py",
        "functions/<module>/reads.py",
        "infra/rights.csv",
        "infra/api.yaml",
        "functions/system/openapi.json",
        "docs/rights.md",
        "layers/nexus/nexus/db/revision.py",
        "template.yaml",
        "tests/support/makers.py",
        "tests/attack/samples.py",
        "tests/contract/test_<plural>.py",
    ],
)
def test_the_checklist_names_the_place(place: str) -> None:
    assert f"`{place}`" in CHECKLIST


def test_every_file_that_the_checklist_names_is_there() -> None:
    named = re.findall(r"`((?:functions|layers|infra|tests)/[^`<>\s]+|template\.yaml)`", CHECKLIST)
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_function_that_the_checklist_names_is_there() -> None:
    functions = {file.stem for file in (ROOT / "functions/migrations/sql").rglob("*.sql")}
    named = set(re.findall(r"`?nexus\.(\w+)\(", CHECKLIST)) | {"protect_catalog"}
    assert named <= functions


def test_every_maker_is_of_a_resource() -> None:
    assert {maker.path for maker in MAKERS.values()} >= set(MADE) - {
        "/persons/{person_id}/identities/{identity_id}/contacts",
        "/projects/{project_id}/issues",
        "/issues/{issue_id}/watchers",  # found by the user who watches
        "/assets/{asset_id}/assignments",
        "/school-calendars/{school_calendar_id}/enrollments",
        "/school-employments/{school_employment_id}/assignments",
    }
