"""What differs between releases, by the translator that CloudFormation runs."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from infra import release
from infra.modules import MODULES
from infra.release import stamp
from tests.deploy import templates
from tests.deploy.templates import ROOT

VERSION, DEPLOYMENT = "AWS::Lambda::Version", "AWS::ApiGateway::Deployment"
type Change = Callable[[dict[str, Any]], None]


def unchanged(_: dict[str, Any]) -> None:
    """The template as it is."""


@pytest.fixture(autouse=True)
def a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The translator names a deployment of the gateway by the second."""
    seconds = iter(range(1_000_000))
    monkeypatch.setattr("samtranslator.model.apigateway.time.time", lambda: next(seconds))


def translated(text: str, change: Change = unchanged, **given: str) -> dict[str, dict[str, Any]]:
    """The resources of the template as `sam deploy` sends it, and CloudFormation makes of it."""
    sent = yaml_parse(text)
    for name, resource in sent["Resources"].items():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = f"s3://packages/{name}"
    sent["Globals"]["Function"]["CodeUri"] = "s3://packages/functions"
    # One path of them all, so that it takes a tenth of the time.
    definition = yaml.load((ROOT / "infra" / "api.yaml").read_text(), yaml.CSafeLoader)
    path, operations = definition["paths"].popitem()
    sent["Resources"]["Api"]["Properties"]["DefinitionBody"] = definition | {
        "paths": {path: operations}
    }
    change(sent)
    session = boto3.Session(region_name="eu-north-1")
    done = Translator({}, Parser(), boto_session=session).translate(sent, given)
    resources: dict[str, dict[str, Any]] = done["Resources"]
    return resources


def ids(resources: dict[str, dict[str, Any]], *types: str) -> set[str]:
    return {name for name, resource in resources.items() if resource["Type"] in types}


@pytest.mark.parametrize("rollout", templates.template()["Mappings"]["Rollouts"])
def test_a_rollout_is_not_over_before_its_alarm_can_be_on(rollout: str) -> None:
    """By its name: one share and so many minutes for it, or a share more each so many minutes."""
    if rollout == "AllAtOnce":
        return
    share, minutes = map(int, re.findall(r"\d+", rollout))
    steps = 1 if rollout.startswith("Canary") else 100 // share - 1
    alarms = templates.resources("AWS::CloudWatch::Alarm", "infra/monitoring.yaml")
    alarm = alarms["ServerErrors"]["Properties"]
    assert alarm["Period"] * alarm["EvaluationPeriods"] < minutes * 60 * steps


@pytest.fixture
def template(tmp_path: Path) -> Path:
    copy = tmp_path / "template.yaml"
    copy.write_text((ROOT / "template.yaml").read_text())
    return copy


def test_each_release_has_versions_and_a_deployment_of_its_own(template: Path) -> None:
    found = []
    for _ in range(2):
        stamp(template)
        found.append(ids(translated(template.read_text()), VERSION, DEPLOYMENT))
    assert len(found[0]) == len(MODULES) + 3  # the hook, the jobs, the gateway
    assert len(found[1]) == len(found[0])
    assert not found[0] & found[1]


def test_the_name_of_a_release_leads_to_its_commit(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=n", "-c", "user.email=n@school.example", *arguments]
        return subprocess.check_output(command, cwd=tmp_path, text=True).strip()

    monkeypatch.setattr(release, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    without = stamp(template)
    git("init", "--quiet")
    git("add", template.name)
    git("commit", "--quiet", "--message", "as it is")
    clean = stamp(template)
    assert clean.endswith(f"-{git('rev-parse', '--short', 'HEAD')}")
    assert clean.count("-") == without.count("-") + 1
    assert stamp(template).endswith("-dirty")  # stamp has written into it


def test_the_same_release_has_the_same_versions(template: Path) -> None:
    stamp(template)
    text = template.read_text()
    assert ids(translated(text), VERSION) == ids(translated(text), VERSION)


@pytest.mark.parametrize("layer", ["DependenciesLayer", "NexusLayer"])
def test_a_layer_that_alone_has_changed_makes_versions_too(layer: str, template: Path) -> None:
    def change(sent: dict[str, Any]) -> None:
        sent["Resources"][layer]["Properties"]["ContentUri"] = "s3://packages/other"

    text = template.read_text()
    assert not ids(translated(text), VERSION) & ids(translated(text, change), VERSION)


def test_by_degrees_the_functions_behind_the_gateway_go_over_and_an_alarm_takes_them_back(
    template: Path,
) -> None:
    group = "AWS::CodeDeploy::DeploymentGroup"
    at_once = translated(template.read_text(), Rollout="AllAtOnce")
    assert not ids(at_once, group, "AWS::CodeDeploy::Application")
    by_degrees = translated(template.read_text(), Rollout="Canary10Percent5Minutes")
    groups = [by_degrees[name]["Properties"] for name in ids(by_degrees, group)]
    assert len(groups) == len(MODULES)
    for properties in groups:
        (alarm,) = properties["AlarmConfiguration"]["Alarms"]
        assert alarm == {"Name": {"Fn::GetAtt": ["Monitoring", "Outputs.ServerErrors"]}}
        assert "DEPLOYMENT_STOP_ON_ALARM" in properties["AutoRollbackConfiguration"]["Events"]
