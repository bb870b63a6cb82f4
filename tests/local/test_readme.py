"""The README tells the truth: its settings and its targets exist."""

import os
import re
import subprocess
from pathlib import Path

from local import settings
from tests.support.stack import REPOSITORY

README = (REPOSITORY / "README.md").read_text()


def test_every_setting_of_make_run_is_in_the_table() -> None:
    sources = (Path(settings.__file__), REPOSITORY / "layers" / "nexus" / "nexus" / "settings.py")
    text = "".join(source.read_text() for source in sources)
    read = set(re.findall(r'"((?:NEXUS_[A-Z_]+)|PORT|WORKERS|DATABASE_URL)"', text))
    inner = {"NEXUS_DATABASE_URL", "NEXUS_DATABASE_IAM", "NEXUS_TOKEN_KEY"}
    inner |= {"NEXUS_MASTER_PASSWORD", "NEXUS_APP_PASSWORD", "NEXUS_HOUSEKEEPING_PASSWORD"}
    inner |= {"NEXUS_ATTACHMENTS_BUCKET", "NEXUS_AUDIT_BUCKET"}
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))
    assert read - inner == told - {"PYTHON"}


def test_every_command_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z.-]+):.*## ", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    )
    assert set(re.findall(r"`make ([a-z-]+)`", README)) <= targets


def test_make_help_tells_every_target() -> None:
    shown = subprocess.check_output(["make", "help"], cwd=REPOSITORY, text=True, env=os.environ)
    assert {"run", "test", "check", "deploy-local"} <= set(re.findall(r"make (\S+)", shown))


def test_ci_runs_what_the_readme_tells() -> None:
    commands = (REPOSITORY / ".ci" / "run").read_text().splitlines()[3:]
    assert commands == ["make test"]
    assert "| `make test` |" in README
