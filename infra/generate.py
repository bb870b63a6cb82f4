"""Writes what follows from the apps and the revisions (`python -m infra.generate`), or checks it
(`--check`)."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from infra import document, gateway, modules, rights, states
from infra.document import problem_types
from migrations.runner import expected_head

ROOT = Path(__file__).parent.parent
HEADER = "# Written by `make generate` from the modules' apps.\n"


class Plain(yaml.CSafeDumper):
    """Repeats what is equal instead of pointing at it."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - yaml's signature
        return True


def generated() -> dict[Path, str]:
    """Each generated file and its text."""
    apps = modules.apps()
    definition = gateway.definition(modules.operations(apps))
    text = yaml.dump(definition, Dumper=Plain, sort_keys=False, width=10_000)
    merged = document.merged(apps)
    return {
        **_revision(expected_head()),
        ROOT / "infra" / "api.yaml": HEADER + text,
        ROOT / "functions" / "system" / "openapi.json": _compact(merged),
        ROOT / "functions" / "system" / "problem_types.json": _compact(
            problem_types.explained(), depth=1
        ),
        ROOT / "docs" / "rights.md": rights.markdown(merged),
        ROOT / "docs" / "states.md": states.markdown(),
    }


def _compact(document: dict[str, Any], depth: int = 3) -> str:
    """JSON without spaces, as it is served, but with a line for each operation and component."""

    def text(value: Any, left: int) -> str:
        if not left or not isinstance(value, dict) or not value:
            return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
        members = (f"{json.dumps(name)}:{text(one, left - 1)}" for name, one in value.items())
        return "{\n" + ",\n".join(members) + "\n}"

    return text(document, depth) + "\n"


def _revision(head: str) -> dict[Path, str]:
    """The head revision where the functions and the deployment look for it."""
    constant = ROOT / "layers" / "nexus" / "nexus" / "db" / "revision.py"
    template = ROOT / "template.yaml"
    return {
        constant: re.sub('HEAD = ".*"', f'HEAD = "{head}"', constant.read_text()),
        template: re.sub('Revision: ".*"', f'Revision: "{head}"', template.read_text()),
    }


def main(arguments: list[str]) -> None:
    files = generated()
    if "--check" not in arguments:
        for path, text in files.items():
            path.write_text(text)
        return
    stale = [path for path, text in files.items() if not _is(path, text)]
    if stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"{names}: not what the apps and the revisions say; run `make generate`")


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main(sys.argv[1:])
