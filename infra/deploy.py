"""`make deploy ENV=staging`: the built release goes to AWS, and is asked whether it answers."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import boto3

from infra.probe import NotServed, check
from infra.release import TEMPLATE, stamp

SETTINGS = Path("samconfig.toml")
SAM = Path(sys.executable).with_name("sam")


class NoSuchEnvironment(Exception):
    """samconfig.toml has none of this name."""


def environment(name: str) -> dict[str, str]:
    """What samconfig.toml says of it for all commands: `stack_name` and `region`."""
    known = tomllib.loads(SETTINGS.read_text())
    found = known.get(name, {}).get("global", {}).get("parameters", {})
    if not {"stack_name", "region"} <= found.keys():
        names = [
            each for each, said in known.items() if isinstance(said, dict) and each != "default"
        ]
        raise NoSuchEnvironment(f"ENV is {name!r}; {SETTINGS} has {', '.join(names)}.")
    return dict(found)


def outputs(session: Any, stack: str) -> dict[str, str]:
    (found,) = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}


def main(name: str) -> int:
    """The exit code of the SAM CLI, where it is not 0."""
    stack = environment(name)
    release = stamp(TEMPLATE)
    code = subprocess.call([SAM, "deploy", "--config-env", name])
    if code == 0:
        session: Any = boto3.Session(region_name=stack["region"])
        url = outputs(session, stack["stack_name"])["Url"]
        check(url, release, stack["stack_name"], session.client("lambda"))
        print(f"Release {release} answers at {url}")
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ.get("ENV") or "staging"))
    except (NoSuchEnvironment, NotServed) as failure:
        sys.exit(f"nexus: {failure}")
