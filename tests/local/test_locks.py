"""The lock files: whole, in step with each other, and silent about where they were made."""

import re
from pathlib import Path

import pytest

from tests.support.stack import REPOSITORY

RUNTIME = REPOSITORY / "layers" / "dependencies" / "requirements.txt"
RUN = REPOSITORY / "requirements-run.txt"
TOOLS = REPOSITORY / "requirements-dev.txt"
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)


def pins(text: str) -> dict[str, tuple[str, str]]:
    return {name: (version, hashes) for name, version, hashes in PIN.findall(text)}


@pytest.mark.parametrize("lock", [RUNTIME, RUN, TOOLS], ids=["runtime", "run", "tools"])
def test_every_package_is_pinned_with_hashes(lock: Path) -> None:
    text = lock.read_text()
    named = [line.split("==")[0] for line in text.splitlines() if "==" in line]
    assert named
    assert sorted(named) == sorted(pins(text))


@pytest.mark.parametrize("lock", [RUNTIME, RUN, TOOLS], ids=["runtime", "run", "tools"])
def test_a_lock_names_no_place(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"://|^-|find-links|index-url|(?<!\w)/\w", text, re.MULTILINE)


def test_what_runs_in_lambda_and_here_is_what_is_tested() -> None:
    runtime, run, tools = (pins(lock.read_text()) for lock in (RUNTIME, RUN, TOOLS))
    assert runtime.items() < run.items() < tools.items()


def test_lambdas_own_packages_are_not_shipped_again() -> None:
    assert not {"boto3", "botocore"} & pins(RUNTIME.read_text()).keys()
