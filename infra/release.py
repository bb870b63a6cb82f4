"""Names what is deployed, each time anew.

SAM makes a new version of a function where its properties differ, and of a parameter or a secret it
sees the name alone: what an alias serves would keep the values of before. So each release has a
name of its own among the functions' variables, by which CloudFormation reads their secrets again.
"""

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

TEMPLATE = Path(".aws-sam/build/template.yaml")
NAME = re.compile(r"^( +(?:NEXUS_RELEASE|Release): ).+$", re.MULTILINE)


def stamp(template: Path) -> str:
    """Gives a built template a name that none had before, and returns it: when, in UTC."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    named, times = NAME.subn(rf"\g<1>{name}", template.read_text())
    if times < 2:  # the functions' variable and the hook's property
        raise ValueError(f"{template} has no place for the name of a release")
    template.write_text(named)
    return name
