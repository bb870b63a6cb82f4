"""Pins every package with its hashes: `make lock`. What is shipped and what runs here are among the
tools' pins."""

import json
import os
import subprocess
import sys
from pathlib import Path

TOOLS = "requirements-dev"
PARTS = ("requirements-run", "layers/dependencies/requirements")
SECURITY = "requirements-security"
OPTIONS = (
    "--quiet",
    "--upgrade",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--annotation-style=line",
    # A lock names packages, never where one machine fetched them.
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
)


def compile_pins(source: str, *more: str) -> None:
    """Writes SOURCE.txt from SOURCE.in."""
    program = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *more]
    subprocess.run(
        [*program, f"--output-file={source}.txt", f"{source}.in"],
        env=os.environ | {"CUSTOM_COMPILE_COMMAND": "make lock"},
        check=True,
    )


def lock_node(lock: Path = Path("package-lock.json")) -> None:
    """Writes the lock of package.json, without the funding links of packages."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    program = ["npm", "update", "--package-lock-only"]
    subprocess.run(program, env=os.environ | {"PATH": path}, check=True)
    locked = json.loads(lock.read_text())
    for package in locked["packages"].values():
        package.pop("funding", None)
    lock.write_text(json.dumps(locked, indent=2) + "\n")


if __name__ == "__main__":
    compile_pins(TOOLS)
    for part in PARTS:
        compile_pins(part, f"--constraint={TOOLS}.txt")
    compile_pins(SECURITY)
    lock_node()
