"""`make deploy-local`: the real SAM CLI builds and deploys to the emulator on this machine."""

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import yaml

from infra.deploy import described, outputs
from infra.probe import NotServed, check
from infra.release import stamp
from local import docs_page
from local.database import first_administrator, is_fresh
from local.emulator import CREDENTIALS, EmulatorFailed, client, running
from local.files import private, write_private
from local.refusal import Refused
from local.settings import (
    APP_ROLE,
    JOBS_ROLE,
    RunSettings,
    Secrets,
    SettingRefused,
    as_role,
    whole_number,
)
from nexus.access.passwords import is_password

ROOT = Path(__file__).parent.parent
SAM = Path(sys.executable).with_name("sam")
STACK = "nexus"
STAGE = "v1"
UNTOLD = "untold-password"  # of the folder
UNQUOTED = re.compile(r"""^(["']).*\1$|\\[ "']|^["']$""", re.DOTALL)
START_SECONDS = 90
# Seconds for an answer: the emulator starts a copy of a function for each request that comes while
# no copy is idle, so who asks again too early makes a slow machine slower.
PATIENCE = 120.0


class DeployFailed(Exception):
    """The SAM CLI gave up; the message is for people."""


@dataclass(frozen=True)
class Target:
    """Where a release goes to, and the folder that holds its build and its logs."""

    folder: Path
    endpoint: str
    database: str  # a superuser's URL
    # By which the emulator's functions reach it, where they run elsewhere: host:port of the
    # database, and of a pooler before it.
    database_host: str | None = None
    pooler_host: str | None = None


@dataclass(frozen=True)
class Deployed:
    """What is there now; the administrator's password where it is still the one that was given, or
    the one that was made up and told nobody."""

    url: str
    email: str
    password: str | None


def deploy(
    target: Target,
    template: Path,
    email: str = "administrator@nexus.example",
    password: str | None = None,
) -> Deployed:
    """Creates or updates the stack from a built template, and asks whether it answers. Raises
    DatabaseRefused, SettingRefused, DeployFailed, NotServed."""
    is_first = is_fresh(target.database) or (target.folder / UNTOLD).exists()
    built = _read(template)
    made_up = _made_up(target.folder)
    given = chosen(built) | _parameters(target)
    given |= {"AdminEmail": email, "AdminPassword": password or made_up}
    refuse_out_of_range(built["Parameters"], given)
    release = stamp(template)
    try:
        _sam(
            target, "deploy", "--template-file", str(template), *write_config(target.folder, given)
        )
        known = _known(target.database, password, made_up)
        deployed = Deployed(_url(target.endpoint), email, known)
        address = urlsplit(deployed.url)
        # Not every resolver knows the name that the emulator's gateway has.
        check(
            target.endpoint + address.path,
            release,
            STACK,
            client("lambda", target.endpoint),
            {"Host": address.netloc},
            PATIENCE,
        )
    except (DeployFailed, NotServed):
        if is_first and password is None:
            print(f"If {email} was made all the same, the password is {made_up}", flush=True)
        raise
    return deployed


def _made_up(folder: Path) -> str:
    """A password for the first administrator. It is kept until it is told: a deployment that made
    them and then was killed has told nobody."""
    path = folder / UNTOLD
    if not path.exists():
        write_private(path, secrets.token_urlsafe(12))
    return path.read_text()


def _known(database: str, *passwords: str | None) -> str | None:
    hashes = [password_hash for _, password_hash in first_administrator(database)]
    tried = (one for one in passwords if one and any(is_password(known, one) for known in hashes))
    return next(tried, None)


def refuse_out_of_range(parameters: Mapping[str, Any], given: Mapping[str, str]) -> None:
    """As CloudFormation does, and no emulator; and what would not arrive. Raises SettingRefused."""
    for name, value in given.items():
        if UNQUOTED.search(value):
            raise SettingRefused(
                f"The parameter {name} would lose what the SAM CLI takes for quoting: quotes around"
                " it, or a backslash before a space or a quote."
            )
        of = parameters[name]
        if of["Type"] == "Number":
            is_in = value.isdecimal() and of["MinValue"] <= int(value) <= of["MaxValue"]
            told = f"a number from {of['MinValue']} to {of['MaxValue']}"
        elif "AllowedValues" in of:
            is_in, told = value in of["AllowedValues"], f"one of {', '.join(of['AllowedValues'])}"
        else:
            pattern = of.get("AllowedPattern", "(?s:.*)")
            is_in, told = bool(re.fullmatch(pattern, value)), f"a text like {pattern}"
        if not is_in:
            raise SettingRefused(f"The parameter {name} is {value!r}; it is {told}.")


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
    direct = _at(target.database, target.database_host)
    pooled = _at(target.database, target.pooler_host or target.database_host)
    return {
        "Target": "emulator",
        "DatabaseUrl": as_role(pooled, APP_ROLE, kept.app_password),
        "HousekeepingDatabaseUrl": as_role(pooled, JOBS_ROLE, kept.housekeeping_password),
        "MigrationsDatabaseUrl": direct,
        "TokenKey": kept.token_key,
        "AppPassword": kept.app_password,
        "HousekeepingPassword": kept.housekeeping_password,
    }


def _at(url: str, host: str | None) -> str:
    parts = urlsplit(url)
    account = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{account}@{host}").geturl() if host else url


def chosen(template: Mapping[str, Any]) -> dict[str, str]:
    """What the environment says of the functions' variables, and what the template does of the
    others: the emulator, as AWS, would keep what it was told before."""
    return {
        parameter: os.environ.get(variable) or str(template["Parameters"][parameter]["Default"])
        for variable, parameter in _settable(template)
    }


def _settable(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    functions = [template["Globals"]["Function"]]
    functions += [resource["Properties"] for resource in template["Resources"].values()]
    for function in functions:
        environment = function.get("Environment") or {}
        for variable, value in environment.get("Variables", {}).items():
            parameter = value.get("Ref", "") if isinstance(value, dict) else ""
            if parameter in template["Parameters"] and not variable.endswith("PASSWORD"):
                yield variable, str(parameter)


def write_config(folder: Path, parameters: Mapping[str, str]) -> list[str]:
    """The SAM CLI's arguments. Private files: what stands on the command line can be read by every
    user."""
    values = folder.absolute() / "parameters.yaml"
    write_private(values, yaml.safe_dump(dict(parameters), default_style='"'))
    lines = [
        "version = 0.1",
        "[default.deploy.parameters]",
        f'stack_name = "{STACK}"',
        'capabilities = "CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND"',
        "resolve_s3 = true",
        "confirm_changeset = false",
        "fail_on_empty_changeset = false",
        f"parameter_overrides = {json.dumps(f'file://{values}', ensure_ascii=False)}",
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
    api = outputs(described(client("cloudformation", endpoint), STACK))["ApiId"]
    return f"http://{api}.execute-api.localhost:{endpoint.rpartition(':')[2]}/{STAGE}"


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


def _welcome(deployed: Deployed, given: str | None) -> str:
    password = None if deployed.password == given else deployed.password
    told = f"{password}  (shown this once)"
    if password is None:
        told = "the one that you gave" if deployed.password else "the one of the first deployment"
    fields = f"username={deployed.email}", f"password={password or 'PASSWORD'}"
    form = " ".join(f"--data-urlencode {shlex.quote(field)}" for field in fields)
    return "\n".join(
        (
            f"Nexus is deployed at {deployed.url}",
            f"  Administrator: {deployed.email}",
            f"  Password:      {told}",
            "Sign in with:",
            f"  curl {deployed.url}/me/signin {form}",
            "Run this again to update it; `make stop-local` ends the emulator.",
        )
    )


def target_of(settings: RunSettings, folder: Path) -> Target:
    """Another emulator has no database of ours. Raises SettingRefused."""
    env = os.environ
    endpoint = env.get("ENDPOINT")
    if not endpoint:
        if settings.database_url:
            raise SettingRefused("DATABASE_URL goes with ENDPOINT: our own emulator has its own.")
        print("Starting the emulator ...", flush=True)
        return start(folder, whole_number("EMULATOR_PORT", 4566, 1, 65_535))
    if urlsplit(endpoint).scheme not in ("http", "https"):
        raise SettingRefused(f"ENDPOINT is {endpoint!r}; it is a URL, as http://127.0.0.1:4566.")
    if not settings.database_url:
        raise SettingRefused("ENDPOINT needs DATABASE_URL, of a PostgreSQL that functions reach.")
    hosts = env.get("DATABASE_HOST"), env.get("POOLER_HOST")
    return Target(folder, endpoint.rstrip("/"), settings.database_url, *hosts)


def main(arguments: list[str]) -> None:
    settings = RunSettings.from_environment()
    folder = settings.data_dir / "emulator"
    if "--stop" in arguments:
        print("The emulator has stopped." if stop(folder) else "No emulator is running.")
        return
    for name in ("PORT", "WORKERS", "NEXUS_DEMO"):
        if os.environ.get(name):
            print(f"{name} is a setting of `make run`: it does nothing here.")
    target = target_of(settings, folder)
    print("Building and deploying with the SAM CLI (about a minute) ...", flush=True)
    built = build(target.folder)
    given = settings.admin_password
    print(_welcome(deploy(target, built, settings.admin_email, given), given))
    (target.folder / UNTOLD).unlink(missing_ok=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (Refused, DeployFailed, EmulatorFailed, NotServed, docs_page.ViewerMissing) as failure:
        sys.exit(f"nexus: {failure}")
