"""The scheduled jobs on this machine, each at its own rate, as the deployed ones are invoked."""

import os
import select
import time

from ulid import ULID

from housekeeping import app
from nexus import telemetry
from nexus.db.engine import engine

SECONDS = 300  # for one run of a job, as in template.yaml


def run(database_url: str, parent: int) -> None:
    """Runs each job at once and then after each of its periods: a run of the server may be shorter
    than a period. Ends when the pipe from the parent does."""
    os.environ["NEXUS_DATABASE_URL"] = database_url
    del os.environ["NEXUS_TOKEN_KEY"]
    due = dict.fromkeys(app.JOBS, time.monotonic())
    while True:
        name = min(due, key=lambda job: due[job])
        pause = max(0, due[name] - time.monotonic())
        if select.select([parent], [], [], pause)[0]:
            return
        due[name] = time.monotonic() + app.JOBS[name].every.total_seconds()
        _perform(name)


def _perform(name: str) -> None:
    """A job that fails is tried again in its next turn."""
    deadline = time.monotonic() + SECONDS
    try:
        app.perform(name, lambda: deadline - time.monotonic(), str(ULID()))
    except Exception as failure:  # noqa: BLE001 - whatever it is, the other jobs go on
        telemetry.request_failed(failure, name)
    engine().dispose()  # until the next turn no connection is held
