"""The scheduled jobs of `make run`: each in its turn, whatever becomes of another."""

import os
import select
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from housekeeping import app
from housekeeping.app import Job
from housekeeping.work import Run
from local import housekeeping, job
from local.database import DatabaseRefused
from local.ports import HOST, free_port
from tests.support.stack import kernel

URL = "postgresql://nexus_housekeeping@nowhere/none"
HOUR = 3600


@pytest.fixture(autouse=True)
def as_a_worker() -> Iterator[None]:
    with kernel(NEXUS_DATABASE_URL="postgresql://nexus_app@nowhere/none", NEXUS_TOKEN_KEY="k" * 32):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which passes only where the jobs wait; after two hours the parent ends."""
    now = [0.0]

    def wait(read: list[int], _write: object, _errors: object, pause: float) -> tuple[list[int]]:
        now[0] += pause
        return (read if now[0] > 2 * HOUR else [],)

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(select, "select", wait)
    return now


def test_each_job_runs_at_once_and_then_at_its_own_rate(
    monkeypatch: pytest.MonkeyPatch, clock: list[float]
) -> None:
    turns: list[tuple[str, float]] = []

    def job(name: str, minutes: int) -> Job:
        def run(_: Run) -> None:
            turns.append((name, clock[0] / 60))

        return Job(run, timedelta(minutes=minutes), "")

    monkeypatch.setattr(app, "JOBS", {"often": job("often", 40), "rarely": job("rarely", 100)})
    housekeeping.run(URL, 0)
    assert sorted(turns, key=lambda turn: turn[1]) == [
        ("often", 0), ("rarely", 0), ("often", 40), ("often", 80), ("rarely", 100), ("often", 120),
    ]  # fmt: skip


def test_a_job_that_fails_is_told_and_holds_up_neither_itself_nor_another(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ours, theirs = os.pipe()
    left: list[float] = []

    def fail(_: Run) -> None:
        raise ValueError("SELECT what nobody may read")

    def end_after_three(run: Run) -> None:
        left.append(run.time_left())
        if len(left) == 3:
            os.close(theirs)

    at_once = timedelta(0), ""
    jobs = {"broken": Job(fail, *at_once), "sound": Job(end_after_three, *at_once)}
    monkeypatch.setattr(app, "JOBS", jobs)
    housekeeping.run(URL, ours)
    os.close(ours)
    failures = [vars(record) for record in caplog.records if record.levelname == "ERROR"]
    assert all(0 < seconds <= housekeeping.SECONDS for seconds in left)
    assert len(failures) >= 2
    assert all("SELECT" not in str(failure) for failure in failures)


def test_they_have_their_own_role_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def look(_: Run) -> None:
        seen.update(os.environ)
        os.close(theirs)

    ours, theirs = os.pipe()
    monkeypatch.setattr(app, "JOBS", {"look": Job(look, timedelta(0), "")})
    housekeeping.run(URL, ours)
    os.close(ours)
    assert seen["NEXUS_DATABASE_URL"] == URL
    assert "NEXUS_TOKEN_KEY" not in seen


def test_by_hand_a_database_out_of_reach_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JOB", "expire-sessions")
    monkeypatch.setenv("NEXUS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DATABASE_URL", f"postgresql://postgres:hidden@{HOST}:{free_port()}/nexus")
    with pytest.raises(DatabaseRefused, match="is out of reach") as refused:
        job.main()
    assert "hidden" not in str(refused.value)
    assert not (tmp_path / "data").exists()
