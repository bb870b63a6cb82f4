"""Scheduled jobs: one function, one job per event, as in {"job": "expire-sessions"}."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from housekeeping import expire_sessions
from housekeeping.batches import Report, TimeLeft


class Job(NamedTuple):
    """What is done, and how often: template.yaml has a schedule for each."""

    run: Callable[[TimeLeft], Report]
    every: timedelta


JOBS = {"expire-sessions": Job(expire_sessions.run, every=timedelta(minutes=15))}
MARGIN = 5.0  # seconds kept for the last batch's end and the report

logger = Logger(service="housekeeping")
metrics = Metrics(namespace="Nexus", service="housekeeping")


class UnknownJob(Exception):
    """The event names no job; raised, so that it ends among the dead letters."""


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    name = str(event.get("job"))
    if name not in JOBS:
        raise UnknownJob(f"{name!r} is none of {', '.join(JOBS)}")
    return perform(name, lambda: context.get_remaining_time_in_millis() / 1000 - MARGIN)


def perform(name: str, time_left: TimeLeft) -> dict[str, Any]:
    """Runs a job and tells what it did."""
    report = JOBS[name].run(time_left)
    _publish(name, report)
    return {"job": name, "deleted": report.deleted, "finished": report.finished}


def _publish(job: str, report: Report) -> None:
    metrics.add_dimension("Job", job)
    for table, rows in report.deleted.items():
        metrics.add_metric(f"Deleted.{table}", MetricUnit.Count, rows)
    metrics.add_metric("Unfinished", MetricUnit.Count, not report.finished)
    metrics.flush_metrics()
    logger.info("job done", extra={"job": job, "deleted": report.deleted, "all": report.finished})
