"""Pins every package with its hashes: `make lock`. What is shipped and what runs here are among the
tools' pins."""

import os
import subprocess
import sys

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


if __name__ == "__main__":
    compile_pins(TOOLS)
    for part in PARTS:
        compile_pins(part, f"--constraint={TOOLS}.txt")
    compile_pins(SECURITY)
