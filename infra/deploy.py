"""`make deploy ENV=staging`: the built release goes to AWS, and is asked whether it answers."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.probe import NotServed, check
from infra.release import TEMPLATE, stamp

SETTINGS = Path("samconfig.toml")
SAM = Path(sys.executable).with_name("sam")
# Statuses of a stack with no release to go back to. Taken back, a first deployment would leave what
# is never deleted with its stack, and the next one would make all of that again.
UNFINISHED = {"REVIEW_IN_PROGRESS", "CREATE_FAILED", "UPDATE_FAILED"}


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


def described(stacks: Any, name: str) -> dict[str, Any]:
    """By a client of CloudFormation's; nothing of a stack that is not there. Raises ClientError."""
    try:
        (found,) = stacks.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":  # who asks may not, or no longer
            raise
        return {}
    return dict(found)


def outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    """Of one that is described."""
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def options(before: Mapping[str, Any]) -> list[str]:
    """Of `sam deploy`, for the stack as it is described now."""
    unfinished = not before or before["StackStatus"] in UNFINISHED
    return ["--disable-rollback"] if unfinished else []


def remarks(stack: Mapping[str, Any]) -> list[str]:
    """What whoever deploys should know of the one that is described."""
    given = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    if given["AlarmTopic"]:
        return []
    return ["Nobody is told of alarms: AlarmTopic is not set (docs/deploying.md)."]


def look(name: str) -> tuple[str, Any, dict[str, Any]]:
    """The stack's name, a session in its region, and what is there now. Raises NoSuchEnvironment,
    and what AWS says of who asks."""
    of = environment(name)
    session: Any = boto3.Session(region_name=of["region"])
    return of["stack_name"], session, described(session.client("cloudformation"), of["stack_name"])


def main(name: str) -> int:
    """The exit code of the SAM CLI, where it is not 0. Raises NoSuchEnvironment, NotServed."""
    stack, session, before = look(name)
    release = stamp(TEMPLATE)
    if code := subprocess.call([SAM, "deploy", "--config-env", name, *options(before)]):
        return code
    after = described(session.client("cloudformation"), stack)
    if after["StackStatus"] == "REVIEW_IN_PROGRESS" or after == before:
        print("Nothing was deployed.")  # who was asked has said no
        return 0
    url = outputs(after)["Url"]
    check(url, release, stack, session.client("lambda"))
    print(f"Release {release} answers at {url}", *remarks(after), sep="\n")
    return 0


if __name__ == "__main__":
    try:
        chosen = os.environ.get("ENV") or "staging"
        if "--look" in sys.argv:  # before anybody waits for a build
            look(chosen)
        else:
            sys.exit(main(chosen))
    except (NoSuchEnvironment, NotServed) as failure:
        sys.exit(f"nexus: {failure}")
    except (BotoCoreError, ClientError) as failure:
        sys.exit(f"nexus: AWS was asked about ENV={chosen}: {failure}")
