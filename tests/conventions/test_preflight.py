"""What a browser is told beforehand is what the gateway offers, path by path."""

import re

import httpx

from infra.modules import MODULES
from tests.contract.resource import NOBODYS_ID
from tests.conventions.conftest import ORIGIN
from tests.support.gateway_definition import checked_in

VERBS = {"get", "head", "post", "put", "patch", "delete"}


def test_each_path_announces_the_methods_that_the_gateway_has(
    modules: dict[str, httpx.Client],
) -> None:
    for path, item in checked_in()["paths"].items():
        offered = sorted(verb.upper() for verb in item if verb in VERBS)
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": offered[0]}
        _, preflight, _ = item["options"]["Fn::If"]
        module = next(name for name in MODULES if f"{name.title()}Function" in str(preflight))
        answer = modules[module].options(re.sub(r"\{\w+\}", NOBODYS_ID, path), headers=asked)
        assert answer.status_code == 204, path
        for header in ("Allow", "Access-Control-Allow-Methods"):
            assert answer.headers[header].split(", ") == offered, path
