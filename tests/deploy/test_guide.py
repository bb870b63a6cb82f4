"""docs/operations.md: each alarm has its line, what it names is there, and its sums are right."""

import json
import re
from decimal import Decimal
from math import prod

import pytest
import yaml

from infra.modules import MODULES
from infra.probe import DEFINITION
from tests.deploy.templates import ROOT, resources, template

GUIDE = (ROOT / "docs" / "operations.md").read_text()
MONITORING = resources("AWS::CloudWatch::Alarm", "infra/monitoring.yaml")
TIMES = "\N{MULTIPLICATION SIGN}"
CELL = re.compile(r"(?:.* = )?([\d,]+\.\d\d)")
SUM = re.compile(rf"([\d,.]+(?: [{TIMES}+] [\d,.]+)+) = ([\d,.]*\d)")


def section(title: str) -> str:
    return GUIDE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def tables(text: str) -> list[list[list[str]]]:
    """The rows of each table, below its head."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[_cells(row) for row in table.splitlines()[2:]] for table in found]


def number(text: str) -> Decimal:
    return Decimal(text.strip().replace(",", ""))


def result(terms: str) -> Decimal:
    """Products are added."""
    factors = (map(number, term.split(TIMES)) for term in terms.split("+"))
    return sum((prod(each, start=Decimal(1)) for each in factors), Decimal())


def test_each_alarm_says_what_it_means_what_to_look_at_and_what_to_do() -> None:
    (rows,) = tables(section("Alarms"))
    assert {row[0].strip("`") for row in rows} == MONITORING.keys()
    assert all(len(row) == 4 and all(row) for row in rows)


@pytest.mark.parametrize(("terms", "said"), sorted(set(SUM.findall(GUIDE))))
def test_a_product_is_right(terms: str, said: str) -> None:
    assert result(terms).quantize(number(said)) == number(said)


def test_the_sum_of_each_column_is_right() -> None:
    checked = 0
    for table in tables(section("Costs")):
        for column in zip(*(row[3:] for row in table), strict=True):
            *each, said = [number(CELL.sub(r"\1", cell)) for cell in column]
            assert sum(each) == said
            checked += 1
    assert checked == 3


def test_what_costs_by_number_is_counted_right() -> None:
    metrics = sum(len(alarm["Properties"].get("Metrics", "m")) for alarm in MONITORING.values())
    outer = sum("Metrics" in alarm["Properties"] for alarm in MONITORING.values())
    assert f"| {metrics - outer} {TIMES} 0.10 = " in GUIDE
    jobs = len(resources("AWS::Scheduler::Schedule"))
    assert f"| {2 * len(MODULES) + 5 * jobs} {TIMES} 0.30 = " in GUIDE
    paths = yaml.load(DEFINITION.read_text(), yaml.CSafeLoader)["paths"]
    nodes = {path[:end] for path in paths for end in _ends(path)}
    assert f"the API has {len(nodes)} now" in GUIDE


def test_parameters_that_are_named_are_there() -> None:
    named = re.findall(r"`([A-Z]\w+)=\w+`", GUIDE)
    assert named
    assert set(named) <= template()["Parameters"].keys()


def test_all_functions_but_the_hook_are_stopped_for_a_restore_by_the_proxy() -> None:
    functions = resources("AWS::Serverless::Function")
    by_another_way = {
        name
        for name, function in functions.items()
        if "Database.Outputs.Endpoint" in json.dumps(function)
    }
    assert by_another_way == {"MigrationsFunction"}
    everywhere = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert "Database.Outputs.ProxyEndpoint" in json.dumps(everywhere["NEXUS_DATABASE_URL"])


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def _ends(path: str) -> list[int]:
    """Where the name of each resource on the way ends; the first is the root."""
    return [1, *(match.end() for match in re.finditer(r"/[^/]+", path))]
