"""Whether a release is what answers: `/health`, a route of each module, what aliases serve."""

import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import yaml
from botocore.exceptions import ClientError

DEFINITION = Path(__file__).parent / "api.yaml"
FUNCTION = re.compile(r"\$\{(\w+)Function\.Alias}")
PATIENCE = 30.0  # seconds: the gateway's own
TRIES = 5  # a function that has just been made may take longer at first


class NotServed(Exception):
    """The release is not what answers; the message is for people."""


def check(
    url: str,
    release: str,
    stack: str,
    functions: Any,
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> None:
    """Asks the API at `url` and Lambda, by the client `functions`. Raises NotServed."""
    with httpx.Client(base_url=url, headers=headers, timeout=patience) as http:
        wrong = [*_unwell(http), *_silent(http), *_other(functions, stack, release)]
    if wrong:
        told = "\n".join(f"  {each}" for each in wrong)
        raise NotServed(f"Release {release} was deployed and is not served:\n{told}")


def routes() -> dict[str, str]:
    """Of each module, by the name that its resources in the template begin with, a path that asks
    who calls."""
    found: dict[str, str] = {}
    definition = yaml.load(DEFINITION.read_text(), yaml.CSafeLoader)
    for path, operations in definition["paths"].items():
        if "get" in operations and "{" not in path:
            uri = operations["get"]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            (function,) = FUNCTION.findall(uri)
            found.setdefault(function, path)
    return found


def _unwell(http: httpx.Client) -> Iterator[str]:
    said = _status(http, "/health")
    if said != 200:
        yield f"GET /health answered {said}, not 200"


def _silent(http: httpx.Client) -> Iterator[str]:
    """Nobody is signed in: the function says so, and no gateway does."""
    for module, path in routes().items():
        said = _status(http, path)
        if said != 401:
            yield f"GET {path} of {module}Function answered {said}, not 401"


def _status(http: httpx.Client, path: str) -> int | str:
    said: int | str = 0
    for _ in range(TRIES):
        try:
            said = http.get(path).status_code
        except httpx.HTTPError as failure:
            said = type(failure).__name__
        if said in (200, 401):
            break
        time.sleep(1)
    return said


def _other(functions: Any, stack: str, release: str) -> Iterator[str]:
    for module in routes():
        name = f"{stack}-{module.lower()}"
        try:
            served = functions.get_function_configuration(FunctionName=name, Qualifier="live")
        except ClientError as error:
            yield f"{name}:live: {error.response['Error']['Message']}"
            continue
        if served["Environment"]["Variables"]["NEXUS_RELEASE"] != release:
            yield f"{name}:live serves version {served['Version']}, which is of another release"
