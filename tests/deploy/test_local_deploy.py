"""What `make deploy-local` takes from the environment."""

import re
from pathlib import Path

import pytest

from local.deploy import Target, chosen, target_of
from local.settings import RunSettings, SettingRefused
from tests.deploy.templates import ROOT, template

OWN_OF_A_RUN = {"PORT", "WORKERS", "NEXUS_DEMO", "PYTHON"}
NO_VARIABLE_OF_A_FUNCTION = {"NEXUS_DATA_DIR", "DATABASE_URL", "NEXUS_ADMIN_PASSWORD"}
URL = "postgresql://postgres:secret@127.0.0.1:5432/nexus"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENDPOINT", "DATABASE_URL", "DATABASE_HOST", "POOLER_HOST"):
        monkeypatch.delenv(name, raising=False)


def test_it_takes_the_settings_of_make_run(monkeypatch: pytest.MonkeyPatch) -> None:
    told = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "running.md").read_text(), re.MULTILINE)
    )
    variables = told - OWN_OF_A_RUN - NO_VARIABLE_OF_A_FUNCTION
    for name in variables:
        monkeypatch.setenv(name, f"a value of {name}")
    given = chosen(template()).values()
    assert {f"a value of {name}" for name in variables} <= set(given)


def test_what_is_not_set_is_what_the_template_says() -> None:
    given = chosen(template())
    assert given["SignUp"] == "closed"
    assert given["CorsOrigins"] == ""
    assert not {name for name in given if name.endswith("Password")}


def test_another_emulator_brings_its_own_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {
        "ENDPOINT": "http://127.0.0.1:4566/",
        "DATABASE_URL": URL,
        "DATABASE_HOST": "postgres:5432",
        "POOLER_HOST": "pgbouncer:6432",
    }.items():
        monkeypatch.setenv(name, value)
    target = target_of(RunSettings.from_environment(), tmp_path)
    assert target == Target(
        tmp_path, "http://127.0.0.1:4566", URL, "postgres:5432", "pgbouncer:6432"
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ENDPOINT", "http://127.0.0.1:4566", "needs DATABASE_URL"),
        ("DATABASE_URL", URL, "ENDPOINT"),
    ],
)
def test_one_without_the_other_is_refused(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingRefused, match=told):
        target_of(RunSettings.from_environment(), tmp_path)
