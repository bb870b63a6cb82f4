"""`make deploy-local`: the real SAM CLI builds and deploys to the emulator on this machine."""

import json
import os
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from local import docs_page
from local.database import DatabaseRefused, is_fresh
from local.emulator import CREDENTIALS, EmulatorFailed, client, running
from local.files import private, write_private
from local.settings import APP_ROLE, JOBS_ROLE, Secrets, as_role, take

ROOT = Path(__file__).parent.parent
SAM = Path(sys.executable).with_name("sam")
STACK = "nexus"
STAGE = "v1"
START_SECONDS = 90


class DeployFailed(Exception):
    """The SAM CLI gave up; the message is for people."""


@dataclass(frozen=True)
class Target:
    """Where a release goes to, and the folder that holds its build and its logs."""

    folder: Path
    endpoint: str
    database: str  # a superuser's URL


@dataclass(frozen=True)
class Deployed:
    """What is there now; the password is known only where this run made the administrator."""

    url: str
    email: str
    password: str | None


def deploy(target: Target, template: Path, password: str | None = None) -> Deployed:
    """Creates or updates the stack from a built template. Raises DeployFailed."""
    email = os.environ.get("NEXUS_ADMIN_EMAIL") or "administrator@nexus.example"
    password = password or secrets.token_urlsafe(12)
    known = password if is_fresh(target.database) else None
    given = _parameters(target) | {"AdminEmail": email, "AdminPassword": password}
    _sam(target, "deploy", "--template-file", str(template), *_config(target.folder, given))
    return Deployed(_url(target.endpoint), email, known)


def build(folder: Path) -> Path:
    """The built template, with its includes expanded."""
    folder.mkdir(parents=True, exist_ok=True)
    docs_page.ensure()
    places = ["--build-dir", str(folder / "build"), "--cache-dir", str(folder / "cache")]
    _run(folder, "build", ["--cached", "--parallel", *places], {"PYTHON": sys.executable})
    template = folder / "build" / "template.yaml"
    # CloudFormation does this; the emulator does not.
    expanded = expand(_read(template), template.parent)
    template.write_text(yaml.dump(expanded, Dumper=yaml.CSafeDumper, sort_keys=False))
    return template


def expand(node: Any, folder: Path) -> Any:
    """The node with every `AWS::Include` replaced by the file that it names."""
    if isinstance(node, list):
        return [expand(item, folder) for item in node]
    if not isinstance(node, dict):
        return node
    transform = node.get("Fn::Transform") or {}
    if transform.get("Name") == "AWS::Include":
        return _read(folder / transform["Parameters"]["Location"])
    return {key: expand(value, folder) for key, value in node.items()}


def _read(template: Path) -> Any:
    """By libyaml: Python's own reader takes eight times as long."""
    return yaml.load(template.read_text(), yaml.CSafeLoader)


def _parameters(target: Target) -> dict[str, str]:
    kept = Secrets.of(target.folder)
    jobs = as_role(target.database, JOBS_ROLE, kept.housekeeping_password)
    return {
        "Target": "emulator",
        "DatabaseUrl": as_role(target.database, APP_ROLE, kept.app_password),
        "HousekeepingDatabaseUrl": jobs,
        "MigrationsDatabaseUrl": target.database,
        "TokenKey": kept.token_key,
        "AppPassword": kept.app_password,
        "HousekeepingPassword": kept.housekeeping_password,
    }


def _config(folder: Path, parameters: Mapping[str, str]) -> list[str]:
    """A private file: what stands on the command line can be read by every user."""
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    lines = [
        "version = 0.1",
        "[default.deploy.parameters]",
        f'stack_name = "{STACK}"',
        'capabilities = "CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND"',
        "resolve_s3 = true",
        "confirm_changeset = false",
        "fail_on_empty_changeset = false",
        f"parameter_overrides = {json.dumps(overrides)}",
    ]
    write_private(folder / "samconfig.toml", "\n".join(lines) + "\n")
    return ["--config-file", str(folder / "samconfig.toml")]


def _sam(target: Target, command: str, *arguments: str) -> None:
    _run(target.folder, command, list(arguments), {"AWS_ENDPOINT_URL": target.endpoint})


def _run(folder: Path, command: str, arguments: list[str], variables: Mapping[str, str]) -> None:
    log = folder / f"{command}.log"
    env = {**os.environ, **CREDENTIALS, "SAM_CLI_TELEMETRY": "0", **variables}
    env.pop("AWS_PROFILE", None)
    with open(log, "wb", opener=private) as output:
        code = subprocess.call(
            [SAM, command, *arguments], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    if code:
        raise DeployFailed(f"sam {command} failed:\n{_tail(log)}\n(log: {log})")


def _tail(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return "\n".join(lines[-15:])


def _url(endpoint: str) -> str:
    stacks = client("cloudformation", endpoint).describe_stacks(StackName=STACK)["Stacks"]
    outputs = {row["OutputKey"]: row["OutputValue"] for row in stacks[0]["Outputs"]}
    return f"http://{outputs['ApiId']}.execute-api.localhost:{endpoint.rpartition(':')[2]}/{STAGE}"


def start(folder: Path, port: int) -> Target:
    """The emulator, started in the background unless it runs already."""
    state = running(folder)
    if state is None:
        state = _spawn(folder, port)
    return Target(folder, state["endpoint"], state["database"])


def _spawn(folder: Path, port: int) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "start.log"
    command = [sys.executable, "-m", "local.emulator", str(folder), str(port)]
    with open(log, "wb", opener=private) as output:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
        )
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        state = running(folder)
        if state is not None:
            return state
        time.sleep(0.1)
    raise EmulatorFailed(f"The emulator did not start:\n{_tail(log)}")


def stop(folder: Path) -> bool:
    """Whether there was an emulator to stop."""
    state = running(folder)
    if state is None:
        return False
    process = psutil.Process(state["pid"])
    process.terminate()
    process.wait(60)
    return True


def _welcome(deployed: Deployed) -> str:
    password = deployed.password
    told = f"{password}  (shown this once)" if password else "the one of the first deployment"
    fields = f"username={deployed.email}", f"password={password or 'PASSWORD'}"
    form = " ".join(f"--data-urlencode {shlex.quote(field)}" for field in fields)
    return "\n".join(
        (
            f"Nexus is deployed at {deployed.url}",
            f"  Administrator: {deployed.email}",
            f"  Password:      {told}",
            "Sign in with:",
            f"  curl {deployed.url}/me/signin {form}",
            "Run this again to update it; `python -m local.deploy --stop` ends the emulator.",
        )
    )


def main(arguments: list[str]) -> None:
    folder = Path(os.environ.get("NEXUS_DATA_DIR") or ".local").absolute() / "emulator"
    if "--stop" in arguments:
        print("The emulator has stopped." if stop(folder) else "No emulator is running.")
        return
    password = take("NEXUS_ADMIN_PASSWORD")
    print("Starting the emulator ...", flush=True)
    target = start(folder, int(os.environ.get("EMULATOR_PORT") or "4566"))
    print("Building and deploying with the SAM CLI (about a minute) ...", flush=True)
    print(_welcome(deploy(target, build(target.folder), password)))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (DatabaseRefused, DeployFailed, EmulatorFailed, docs_page.ViewerMissing) as failure:
        sys.exit(f"nexus: {failure}")
