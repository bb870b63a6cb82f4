"""What the documents tell is there: settings, targets, operations, and what links lead to."""

import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from local import settings
from tests.conventions.routes import promised
from tests.support.stack import REPOSITORY

README = (REPOSITORY / "README.md").read_text()
RUNNING = (REPOSITORY / "docs" / "running.md").read_text()
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def named(document: Path) -> str:
    return str(document.relative_to(REPOSITORY))


def anchors(document: Path) -> set[str]:
    """What a `#` may lead to, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_setting_of_make_run_is_in_the_table() -> None:
    sources = (Path(settings.__file__), REPOSITORY / "layers" / "nexus" / "nexus" / "settings.py")
    text = "".join(source.read_text() for source in sources)
    read = set(re.findall(r'"((?:NEXUS_[A-Z_]+)|PORT|WORKERS|DATABASE_URL)"', text))
    inner = {"NEXUS_DATABASE_URL", "NEXUS_DATABASE_IAM", "NEXUS_TOKEN_KEY"}
    inner |= {"NEXUS_MASTER_PASSWORD", "NEXUS_APP_PASSWORD", "NEXUS_HOUSEKEEPING_PASSWORD"}
    inner |= {"NEXUS_ATTACHMENTS_BUCKET", "NEXUS_AUDIT_BUCKET"}
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", RUNNING, re.MULTILINE))
    assert read - inner == told - {"PYTHON"}


def test_every_command_named_exists() -> None:
    targets = set(
        re.findall(r"^([a-z.-]+):.*## ", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    )
    for document in DOCUMENTS:
        told = re.findall(r"`make ([a-z-]+)", document.read_text())
        assert set(told) <= targets, named(document)


def test_make_help_tells_every_target() -> None:
    shown = subprocess.check_output(["make", "help"], cwd=REPOSITORY, text=True, env=os.environ)
    assert {"run", "test", "check", "deploy-local"} <= set(re.findall(r"make (\S+)", shown))


def test_ci_runs_what_the_readme_tells() -> None:
    commands = (REPOSITORY / ".ci" / "run").read_text().splitlines()[3:]
    assert commands == ["make test"]
    assert "| `make test` |" in README


def test_the_operations_of_each_module_are_counted_right() -> None:
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", README, re.MULTILINE)
    operations = Counter(route.module for route in promised())
    assert {module: int(number) for module, number in told} == operations
    assert f"These {operations.total()} operations" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_each_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", document.read_text()))
    for link in links:
        if not link.startswith("https://"):
            path, _, anchor = link.partition("#")
            target = document.parent / path if path else document
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link
