"""An encoded slash or backslash parts no path, in whichever way a request comes in."""

import importlib
import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.contract.resource import NOBODYS_ID
from tests.conventions.conftest import ORIGIN
from tests.conventions.routes import promised
from tests.local.wire import Wire
from tests.support.documented import PATHS
from tests.support.events import event
from tests.support.stack import NOWHERE, kernel

PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
HIDDEN = ("%2F", "%2f", "%5C", "%5c", "%252F", "%255c", "%25252F", "\\")
BELOW = [path for path in sorted(PATHS) if re.search(r"\}/", path) and "get" in PATHS[path]]


def asked(path: str) -> str:
    return re.sub(r"\{\w+\}", NOBODYS_ID, path)


def disguised(path: str) -> Iterator[str]:
    """The path with each of its separators hidden in turn, in all the ways."""
    whole = asked(path)
    for place in [match.start() for match in re.finditer("/", whole)][1:]:
        yield from (whole[:place] + hidden + whole[place + 1 :] for hidden in HIDDEN)


def problem(body: str | bytes) -> str:
    return str(json.loads(body)["type"]).removeprefix("/problems/")


@pytest.mark.parametrize("path", BELOW)
def test_the_server_finds_nothing_there(base_url: str, path: str) -> None:
    with Wire(base_url) as wire:
        assert wire.ask("GET", asked(path)).answer().problem == "not-authenticated"
        for target in disguised(path):
            for method in ("GET", "POST", "OPTIONS"):
                answer = wire.ask(method, target).answer()
                assert (answer.status, answer.problem) == (404, "not-found"), (method, target)


@pytest.mark.parametrize("path", BELOW)
def test_an_app_by_itself_finds_nothing_there(modules: dict[str, httpx.Client], path: str) -> None:
    module = modules[owner(path)]
    assert problem(module.get(asked(path)).content) == "not-authenticated"
    for target in disguised(path):
        for headers, method in (({}, "GET"), ({}, "POST"), (PREFLIGHT, "OPTIONS")):
            answer = module.request(method, target, headers=headers)
            assert (answer.status_code, problem(answer.content)) == (404, "not-found"), target


@pytest.mark.parametrize(
    "given", ["{id}%2F{rest}", "{id}/{rest}", "{id}%252F{rest}", "{id}\\{rest}"]
)
@pytest.mark.parametrize("path", BELOW)
def test_a_function_finds_nothing_there(path: str, given: str) -> None:
    """The gateway took all that follows for the parameter, decoded or not."""
    head, _, rest = path.partition("}/")
    parameter = head.rpartition("{")[2]
    answer = invoked(
        f"{head}}}", owner(path), {parameter: given.format(id=NOBODYS_ID, rest=asked(rest))}
    )
    assert answer == (404, "not-found")


@pytest.mark.parametrize("path", BELOW)
def test_a_function_goes_by_the_path_that_was_asked(path: str) -> None:
    """The gateway matched the path that it had decoded."""
    params = dict.fromkeys(re.findall(r"\{(\w+)\}", path), NOBODYS_ID)
    assert invoked(path, owner(path), params) == (401, "not-authenticated")
    for target in disguised(path):
        assert invoked(path, owner(path), params, target) == (404, "not-found"), target


def invoked(
    resource: str, module: str, params: dict[str, str], path: str | None = None
) -> tuple[int, str]:
    """What the function answers to a stranger."""
    sent = event("GET", resource, "none", path=params)
    del sent["headers"]["Authorization"], sent["multiValueHeaders"]["Authorization"]
    if path is not None:
        sent["requestContext"]["path"] = f"/v1{path}"
    with kernel(NEXUS_DATABASE_URL=NOWHERE, NEXUS_LOG_LEVEL="ERROR"):
        answer = importlib.import_module(f"{module}.app").handler(sent, None)
    return answer["statusCode"], problem(answer["body"])


def owner(path: str) -> str:
    """The module that serves the path."""
    return next(route.module for route in promised() if route.path == path)
