"""`make housekeeping JOB=…`: one scheduled job on the local database, also beside a run."""

import json
import os
import sys
import time

from ulid import ULID

from local.database import existing
from local.housekeeping import SECONDS
from local.refusal import Refused
from local.settings import JOBS_ROLE, RunSettings, Secrets, as_role
from local.store import process as store


class NoSuchJob(Refused):
    """The name is none of a job."""


def main() -> None:
    """Prints what the job did, or with DRY_RUN=1 would do. Raises NoSuchJob."""
    from housekeeping.app import JOBS, perform
    from housekeeping.work import logger

    name, dry_run = os.environ.get("JOB", ""), os.environ.get("DRY_RUN", "0")
    if name not in JOBS:
        raise NoSuchJob(f"JOB is one of {', '.join(JOBS)}: make housekeeping JOB=expire-sessions")
    if dry_run not in ("0", "1"):
        raise NoSuchJob("DRY_RUN is 1, or 0.")
    settings = RunSettings.from_environment()
    with existing(settings) as url, store.reached(settings.data_dir / "attachments") as variables:
        password = Secrets.of(settings.data_dir).housekeeping_password
        os.environ.update(variables)
        os.environ["NEXUS_DATABASE_URL"] = as_role(url, JOBS_ROLE, password)
        logger.setLevel("WARNING")  # the report says it all
        deadline = time.monotonic() + SECONDS
        report = perform(
            name, lambda: deadline - time.monotonic(), str(ULID()), is_dry=dry_run == "1"
        )
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    os.environ["POWERTOOLS_METRICS_DISABLED"] = "true"  # nobody collects them here
    try:
        main()
    except Refused as refusal:
        sys.exit(f"nexus: {refusal}")
