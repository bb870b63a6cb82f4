"""Pins every package with its hashes: `make lock`. The runtime's pins are among the tools' pins."""

import os
import subprocess
import sys

RUNTIME = "layers/dependencies/requirements"
TOOLS = "requirements-dev"
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
    compile_pins(RUNTIME, f"--constraint={TOOLS}.txt")
    compile_pins(SECURITY)
