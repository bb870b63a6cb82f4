"""The gateway's definition: each operation, nothing else, and answers in the shape of the apps'."""

import json
from typing import Any

import pytest
from fastapi import FastAPI

from infra import gateway, modules
from infra.document import merging, problems
from infra.modules import Clash, Operation
from nexus.problems import NotFound
from tests.support.gateway_definition import FILE, checked_in


def app(*paths: str, method: str = "GET", answer: Any = None) -> FastAPI:
    made = FastAPI(openapi_url=None)
    for path in paths:
        made.add_api_route(path, lambda: answer, methods=[method], operation_id=f"{method}{path}")
    return made


def definition(*operations: tuple[str, str, str]) -> dict[str, Any]:
    return gateway.definition([Operation(*operation) for operation in operations])


def integration(method: dict[str, Any]) -> str:
    uri: str = method["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
    return uri


def test_a_path_below_another_can_be_another_modules() -> None:
    apps = {"one": app("/persons/{id}"), "two": app("/persons/{id}/enrollments")}
    found = modules.operations(apps)
    assert [(o.path, o.module) for o in found] == [
        ("/persons/{id}", "one"),
        ("/persons/{id}/enrollments", "two"),
    ]


def test_one_path_of_two_modules_is_refused() -> None:
    """Neither could tell a browser all the methods that it has."""
    with pytest.raises(Clash, match="/things is served by one and by two"):
        modules.operations({"one": app("/things"), "two": app("/things", method="POST")})


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_monitors_may_ask_for_the_head_alone(path: str) -> None:
    heads = [path for path, item in checked_in()["paths"].items() if "head" in item]
    assert path in heads
    assert len(heads) == 3


def test_what_components_say_must_agree() -> None:
    said = {"one": {"A": {"type": "string"}}, "two": {"A": {"type": "number"}}}
    with pytest.raises(Clash, match="two: another module says something else about A"):
        merging.united(said)


def test_a_preflight_is_answered_only_where_origins_are_configured() -> None:
    options = definition(("/things", "GET", "one"))["paths"]["/things"]["options"]
    condition, with_origins, without = options["Fn::If"]
    assert (condition, without) == ("HasCors", {"Ref": "AWS::NoValue"})
    assert "${OneFunction.Alias}" in integration(with_origins)


def test_there_is_no_greedy_path_and_no_catch_all() -> None:
    assert not [path for path in checked_in()["paths"] if "+" in path]
    assert "any-method" not in FILE.read_text()


def test_an_unknown_path_is_answered_like_a_record_that_does_not_exist() -> None:
    answer = gateway.gateway_response(NotFound())
    by_app = NotFound().document("$context.requestId")
    assert answer["statusCode"] == "404"
    assert json.loads(answer["responseTemplates"]["application/json"]) == by_app
    assert gateway.ANSWERS["MISSING_AUTHENTICATION_TOKEN"].status == 404


@pytest.mark.parametrize(
    ("kind", "status"), [("THROTTLED", 429), ("REQUEST_TOO_LARGE", 413), ("DEFAULT_5XX", 500)]
)
def test_the_gateways_own_answers_are_problems(kind: str, status: int) -> None:
    answer = checked_in()["x-amazon-apigateway-gateway-responses"][kind]
    headers = answer["responseParameters"]
    assert answer["statusCode"] == str(status)
    assert headers["gatewayresponse.header.Content-Type"] == "'application/problem+json'"
    assert headers["gatewayresponse.header.X-Request-Id"] == "context.requestId"
    assert json.loads(answer["responseTemplates"]["application/json"])["status"] == status


def test_a_caller_who_is_throttled_is_told_when_to_come_back() -> None:
    answer = gateway.gateway_response(gateway.Throttled())
    assert answer["responseParameters"]["gatewayresponse.header.Retry-After"] == "'1'"


def test_every_problem_that_the_gateway_names_is_listed() -> None:
    listed = {kind["type"] for kind in problems.documented()}
    assert {problem.type() for problem in gateway.ANSWERS.values()} <= listed
