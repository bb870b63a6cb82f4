"""What a document tells a reader to type, typed; and whether what it shows is what comes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"  # what differs each time, or is left out
BLOCK = re.compile(
    r"^```bash\n(.*?)^```\n(?:\n```(json|text)\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL
)
PROBLEM = re.compile(r'"status": [45]\d\d')
WRITES = re.compile(r" -(?:d|X) ")
STRICT = 'set -eu -o pipefail; curl() { command curl --fail-with-body "$@"; }\n'
MARK = "=== block"


class Block(NamedTuple):
    """Commands, and the answer that is shown below them, if one is."""

    commands: str
    kind: str
    shown: str

    def tells(self, said: str) -> bool:
        """Whether what is shown is what was said."""
        if self.kind == "json":
            return alike(list(_documents(self.shown)), list(_documents(said)))
        return bool(_text(self.shown).fullmatch(said.replace("\r", "").strip()))

    def script(self, mark: str, *, is_repeated: bool) -> str:
        """Run, where asked, as by somebody who repeats what writes: that does no harm. A request
        may fail only where the answer that is shown is a problem."""
        strict = "set +e" if PROBLEM.search(self.shown) else "set -e"
        times = 2 if is_repeated and WRITES.search(self.commands) else 1
        return f"{strict}\n" + f"echo '{mark}'\n{self.commands}\n" * times


def read(document: str) -> list[Block]:
    blocks = [Block(*found) for found in BLOCK.findall(document)]
    fenced = len(re.findall(r"^```\w", document, re.MULTILINE))
    assert 0 < fenced == sum(2 if block.kind else 1 for block in blocks), "an answer of no commands"
    return blocks


def typed(
    blocks: list[Block], folder: Path, *, is_repeated: bool = True
) -> Iterator[tuple[Block, str]]:
    """Each block with what it said, each time, all in one shell."""
    script = STRICT + "".join(
        block.script(f"{MARK} {number}", is_repeated=is_repeated)
        for number, block in enumerate(blocks)
    )
    # This Python first: one that a version manager puts in the way takes three times as long.
    programs = f"{sys.base_prefix}/bin{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": programs},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    _, *said = re.split(rf"^{MARK} (\d+)\n", done.stdout, flags=re.MULTILINE)
    for number, answer in zip(said[::2], said[1::2], strict=True):
        yield blocks[int(number)], answer


def alike(shown: Any, came: Any) -> bool:
    """An ellipsis stands for any value, or a part of a text; as the last of a list, or as a member,
    for all the others."""
    if isinstance(shown, str):
        if shown == ELLIPSIS:
            return True
        return isinstance(came, str) and bool(_text(shown).fullmatch(came))
    if type(shown) is not type(came):
        return False
    if isinstance(shown, dict):
        named = {name: value for name, value in shown.items() if name != ELLIPSIS}
        rest = came.keys() - named.keys()
        return (
            named.keys() <= came.keys()
            and (ELLIPSIS in shown or not rest)
            and all(alike(value, came[name]) for name, value in named.items())
        )
    if isinstance(shown, list):
        if shown[-1:] == [ELLIPSIS]:
            shown, came = shown[:-1], came[: len(shown) - 1]
        return len(shown) == len(came) and all(map(alike, shown, came))
    return bool(shown == came)


def _text(shown: str) -> re.Pattern[str]:
    parts = map(re.escape, shown.strip().split(ELLIPSIS))
    return re.compile(".*".join(parts), re.DOTALL)


def _documents(text: str) -> Iterator[Any]:
    decoder, rest = json.JSONDecoder(), text.strip()
    while rest:
        document, end = decoder.raw_decode(rest)
        yield document
        rest = rest[end:].lstrip()
