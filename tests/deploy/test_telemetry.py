"""A request's log line and metrics are what Powertools would write."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter
from aws_lambda_powertools.metrics import MetricUnit

from nexus import telemetry
from tests.support.stack import NOWHERE, kernel

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


@pytest.fixture
def in_lambda(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    variables = {"NEXUS_DATABASE_URL": NOWHERE, "AWS_LAMBDA_FUNCTION_NAME": "system"}
    with kernel(**variables, _X_AMZN_TRACE_ID=TRACE):
        yield capsys


def lines(status: int, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    telemetry.request_done(
        "system", "/me", "GET", status, 12.345, correlation_id="r-1", tenant_id=None
    )
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def powertools_line() -> dict[str, Any]:
    formatter = LambdaPowertoolsFormatter(service="nexus")
    told = {"module_name": "system", "route": "/me", "method": "GET", "status": 200,
            "milliseconds": 12.3, "correlation_id": "r-1"}  # fmt: skip
    record = logging.LogRecord("nexus", logging.INFO, "", 1, "request", None, None, "request_done")
    vars(record).update(told)
    line: dict[str, Any] = json.loads(formatter.format(record))
    return line


def test_the_log_line_has_the_members_of_powertools(
    in_lambda: pytest.CaptureFixture[str],
) -> None:
    line, expected = lines(200, in_lambda)[0], powertools_line()
    assert set(line) == set(expected)
    changing = {"timestamp", "location"}
    assert {n: v for n, v in line.items() if n not in changing} == {
        n: v for n, v in expected.items() if n not in changing
    }
    assert len(line["timestamp"]) == len(expected["timestamp"])


@pytest.mark.parametrize(("status", "errors"), [(200, 0), (404, 0), (500, 1)])
def test_the_metrics_are_those_of_powertools(
    in_lambda: pytest.CaptureFixture[str], status: int, errors: int
) -> None:
    lines(503 - status, in_lambda)  # what was measured before is not told again
    measured = lines(status, in_lambda)[1]
    metrics = Metrics(namespace="Nexus", service="nexus")
    metrics.add_dimension("module", "system")
    metrics.add_metric("Latency", MetricUnit.Milliseconds, 12.345)
    metrics.add_metric("Errors", MetricUnit.Count, errors)
    expected: dict[str, Any] = json.loads(json.dumps(metrics.serialize_metric_set()))
    metrics.clear_metrics()
    between = expected["_aws"].pop("Timestamp") - measured["_aws"].pop("Timestamp")
    assert 0 <= between < 60_000
    assert measured == expected
