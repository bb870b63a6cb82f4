"""What a browser is told beforehand is what the gateway offers, path by path."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from infra.modules import MODULES
from nexus.app import create_app
from tests.contract.resource import NOBODYS_ID
from tests.support.inside import InProcess
from tests.support.stack import kernel

GATEWAY = Path(__file__).parents[2] / "infra" / "api.yaml"
ORIGIN = "https://desk.example.org"
VERBS = {"get", "head", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, httpx.Client]]:
    """Each module's app by itself, as a function has it."""
    with kernel(NEXUS_DATABASE_URL="none", NEXUS_CORS_ORIGINS=ORIGIN, NEXUS_LOG_LEVEL="ERROR"):
        yield {
            name: httpx.Client(
                base_url="http://nexus",
                transport=InProcess(
                    create_app(name, importlib.import_module(f"{name}.routes").router)
                ),
            )
            for name in MODULES
        }


def test_each_path_announces_the_methods_that_the_gateway_has(
    modules: dict[str, httpx.Client],
) -> None:
    paths = yaml.safe_load(GATEWAY.read_text())["paths"]
    for path, item in paths.items():
        offered = sorted(verb.upper() for verb in item if verb in VERBS)
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": offered[0]}
        _, preflight, _ = item["options"]["Fn::If"]
        module = next(name for name in MODULES if f"{name.title()}Function" in str(preflight))
        answer = modules[module].options(re.sub(r"\{\w+\}", NOBODYS_ID, path), headers=asked)
        assert answer.status_code == 204, path
        for header in ("Allow", "Access-Control-Allow-Methods"):
            assert answer.headers[header].split(", ") == offered, path
