"""Scheduled jobs: one function, one job per event, as in {"job": "expire-sessions"}; with
"dry_run": true it only counts what it would do."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any, NamedTuple

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from housekeeping.work import Run, TimeLeft, logger
from nexus.db.engine import sqlstate_of


class Job(NamedTuple):
    """What is done, and how often: here, and by the schedule that template.yaml has for each."""

    run: Callable[[Run], None]
    every: timedelta
    schedule: str


def _job(module: str, every: timedelta, schedule: str) -> Job:
    """Imported when it runs: a job needs no other's modules."""

    def run(run: Run) -> None:
        import_module(f"housekeeping.{module}").run(run)

    return Job(run, every, schedule)


DAY = timedelta(days=1)
JOBS: Mapping[str, Job] = {
    "expire-sessions": _job("expire_sessions", timedelta(minutes=15), "rate(15 minutes)"),
    "close-assignments": _job("close_assignments", timedelta(hours=1), "rate(1 hour)"),
    "roll-school-year": _job("roll_school_year", DAY, "rate(1 day)"),
    "archive-closed-issues": _job("archive_closed_issues", DAY, "rate(1 day)"),
    "sweep-attachments": _job("sweep_attachments", DAY, "rate(1 day)"),
    "export-audit-events": _job("export_audit_events", DAY, "rate(1 day)"),
    # Each quarter of an hour of one night, so that what one run has no time for the next one does.
    "purge-archived": _job("purge_archived", 7 * DAY, "cron(0/15 2-5 ? * SUN *)"),
}
MARGIN = 5.0  # seconds kept for the last batch's end and the report

metrics = Metrics(namespace="Nexus", service="housekeeping")


class UnknownJob(Exception):
    """The event names no job; raised, so that it ends among the dead letters."""


class UnknownMember(Exception):
    """The event says more than is known here: that may have been a dry run."""


class JobFailed(Exception):
    """Stands for another error. Lambda logs what is raised, and sends it to the dead letters, with
    its message: a driver's quotes SQL and values."""


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Raises UnknownMember, UnknownJob, JobFailed."""
    if not event.keys() <= {"job", "dry_run"} or not isinstance(event.get("dry_run", False), bool):
        raise UnknownMember(f'{event} is not like {{"job": "purge-archived", "dry_run": true}}')
    try:
        return perform(
            str(event.get("job")),
            lambda: context.get_remaining_time_in_millis() / 1000 - MARGIN,
            context.aws_request_id,
            is_dry=event.get("dry_run") is True,
        )
    except UnknownJob:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it is, its message may quote values
        told = f"{type(failure).__qualname__} {sqlstate_of(failure) or ''}".rstrip()
        raise JobFailed(told).with_traceback(failure.__traceback__) from None


def perform(
    name: str, time_left: TimeLeft, request_id: str, *, is_dry: bool = False
) -> dict[str, Any]:
    """Runs a job and tells what it did. Raises UnknownJob."""
    if name not in JOBS:
        raise UnknownJob(f"{name!r} is none of {', '.join(JOBS)}")
    run = Run(time_left, request_id, is_dry=is_dry)
    try:
        JOBS[name].run(run)
    finally:  # also of a run that fails on its way
        report = _told(name, run)
    if run.broken:  # told, and to be looked at
        raise run.broken[0]
    return report


def _told(job: str, run: Run) -> dict[str, Any]:
    counts = {"done": run.done, "left": run.left, "refused": run.refused, "failed": run.failed}
    if not run.is_dry:
        metrics.add_dimension("Job", job)
        for name, counted in counts.items():
            metrics.add_metric(name.capitalize(), MetricUnit.Count, counted.total())
        metrics.add_metric("Unfinished", MetricUnit.Count, not run.is_finished)
        metrics.flush_metrics()
    told = {name: dict(counted) for name, counted in counts.items()}
    head = {"job": job, "run": run.request_id, "dry_run": run.is_dry}
    report = {**head, "finished": run.is_finished, **told}
    logger.info("job done", extra=report)
    return report
