"""What `make deploy-local` takes from the environment."""

import re
import tomllib
from pathlib import Path

import pytest
from samcli.cli.types import CfnParameterOverridesType

from local.deploy import Target, chosen, refuse_out_of_range, target_of, write_config
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
        ("ENDPOINT", "127.0.0.1:4566", "is a URL"),
        ("EMULATOR_PORT", "65536", "EMULATOR_PORT"),
    ],
)
def test_what_leads_nowhere_is_refused(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingRefused, match=told):
        target_of(RunSettings.from_environment(), tmp_path)


@pytest.mark.parametrize(
    ("variable", "value", "parameter"),
    [
        ("NEXUS_SESSION_IDLE_SECONDS", "59", "SessionIdleSeconds"),
        ("NEXUS_SESSION_IDLE_SECONDS", "an hour", "SessionIdleSeconds"),
        ("NEXUS_SIGN_UP", "perhaps", "SignUp"),
        ("NEXUS_CORS_ORIGINS", "https://a.example, https://b.example", "CorsOrigins"),
        ("NEXUS_CORS_ORIGINS", "https://a.example,", "CorsOrigins"),
    ],
)
def test_what_aws_would_refuse_is_refused_here(
    variable: str, value: str, parameter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = template()["Parameters"]
    refuse_out_of_range(parameters, chosen(template()))
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingRefused, match=parameter):
        refuse_out_of_range(parameters, chosen(template()))


def test_a_value_of_any_text_arrives(tmp_path: Path) -> None:
    """In a folder of any name."""
    values = [
        '😀 "it\'s" 100% é \\#$&,=@\x7f\t',
        "0o1234567012",
        "0123456789",
        "on",
        " x ",
        "",
    ]
    given = {f"Value{number}": value for number, value in enumerate(values)}
    folder = tmp_path / "ünter 'uns' 😀"
    folder.mkdir()
    _, config = write_config(folder, given)
    said = tomllib.loads(Path(config).read_text("utf-8"))["default"]["deploy"]["parameters"]
    read = CfnParameterOverridesType().convert(said["parameter_overrides"], None, None)
    assert read == given


@pytest.mark.parametrize("value", ["'quoted'", '"', "a\\ b", "a\\'b"])
def test_what_would_not_arrive_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(SettingRefused, match="AdminPassword") as refused:
        refuse_out_of_range(template()["Parameters"], {"AdminPassword": value})
    assert repr(value) not in str(refused.value)
