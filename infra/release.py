"""Names what is deployed, each time anew.

SAM makes a new version of a function where its properties differ, and of a parameter or a secret it
sees the name alone: what an alias serves would keep the values of before. So each release has a
name of its own among the functions' variables, by which CloudFormation reads their secrets again.
"""

import re
import secrets
import subprocess
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEMPLATE = Path(".aws-sam/build/template.yaml")
NAME = re.compile(r"^( +(?:NEXUS_RELEASE|Release): ).+$", re.MULTILINE)


def stamp(template: Path) -> str:
    """Gives a built template a name that none had before, and returns it: when, in UTC, and of
    which commit."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}{_commit()}"
    named, times = NAME.subn(rf"\g<1>{name}", template.read_text())
    if times < 2:  # the functions' variable and the hook's property
        raise ValueError(f"{template} has no place for the name of a release")
    template.write_text(named)
    return name


def _commit() -> str:
    """`-dirty` follows where a file that git knows differs from it. Nothing where git is not there,
    or no repository."""
    describe = ["git", "describe", "--always", "--exclude=*", "--dirty"]
    try:
        told = subprocess.run(describe, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"-{told.stdout.strip()}"
