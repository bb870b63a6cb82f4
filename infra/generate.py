"""Writes what follows from the apps (`python -m infra.generate`), or checks it (`--check`)."""

import json
import sys
from pathlib import Path

import yaml

from infra import document, gateway, modules

ROOT = Path(__file__).parent.parent
HEADER = "# Written by `make generate` from the modules' apps.\n"


class Plain(yaml.SafeDumper):
    """Repeats what is equal instead of pointing at it."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - yaml's signature
        return True


def generated() -> dict[Path, str]:
    """Each generated file and its text."""
    apps = modules.apps()
    definition = gateway.definition(modules.operations(apps))
    text = yaml.dump(definition, Dumper=Plain, sort_keys=False, width=10_000)
    reference = json.dumps(document.merged(apps), indent=1, ensure_ascii=False)
    return {
        ROOT / "infra" / "api.yaml": HEADER + text,
        ROOT / "functions" / "system" / "openapi.json": reference + "\n",
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
        sys.exit(f"{names}: not what the apps say; run `make generate`")


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main(sys.argv[1:])
