"""The definition of the REST API: one integration for each operation, and its own answers."""

import json
from itertools import groupby
from typing import Any

from infra.modules import Operation
from nexus import problems
from nexus.db.deadline import GATEWAY_SECONDS
from nexus.problems import Problem

LAMBDA = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31"


class Throttled(Problem):
    """Too many requests at once."""

    status = 429

    def __init__(self) -> None:
        super().__init__("Wait a second, then try again.", headers={"Retry-After": "1"})


class GatewayFailed(Problem):
    """The gateway could not get an answer."""

    status = 503

    def __init__(self) -> None:
        super().__init__("Try again in a few seconds.", headers={"Retry-After": "5"})


# The gateway tells an unknown path and an unknown method by asking for a signature. It also reads a
# bearer token on an unknown path as a signature that is broken.
ANSWERS: dict[str, Problem] = {
    "MISSING_AUTHENTICATION_TOKEN": problems.NotFound(),
    "INVALID_SIGNATURE": problems.NotFound(),
    "EXPIRED_TOKEN": problems.NotFound(),
    "RESOURCE_NOT_FOUND": problems.NotFound(),
    "UNAUTHORIZED": problems.NotAuthenticated(),
    "ACCESS_DENIED": problems.NotAllowed(),
    "INVALID_API_KEY": problems.NotAllowed(),
    "WAF_FILTERED": problems.NotAllowed(),
    "BAD_REQUEST_BODY": problems.MalformedRequest(),
    "BAD_REQUEST_PARAMETERS": problems.InvalidParameter(),
    "REQUEST_TOO_LARGE": problems.BodyTooLarge(),
    "UNSUPPORTED_MEDIA_TYPE": problems.UnsupportedMediaType(),
    "THROTTLED": Throttled(),
    "QUOTA_EXCEEDED": Throttled(),
    "INTEGRATION_TIMEOUT": problems.DeadlineExceeded(),
    "INTEGRATION_FAILURE": GatewayFailed(),
    "API_CONFIGURATION_ERROR": problems.InternalError(),
    "AUTHORIZER_CONFIGURATION_ERROR": problems.InternalError(),
    "AUTHORIZER_FAILURE": problems.InternalError(),
    "DEFAULT_5XX": problems.InternalError(),
}
HEADERS = {
    "Content-Type": problems.MEDIA_TYPE,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def definition(operations: list[Operation]) -> dict[str, Any]:
    """What `AWS::Include` puts into the template."""
    paths = groupby(operations, key=lambda operation: operation.path)
    return {
        "openapi": "3.0.1",
        # The title is the API's name, by which its metrics are found.
        "info": {"title": {"Ref": "AWS::StackName"}, "version": "1"},
        "paths": {path: _path(list(operations)) for path, operations in paths},
        "x-amazon-apigateway-gateway-responses": {
            kind: gateway_response(problem) for kind, problem in ANSWERS.items()
        },
    }


def gateway_response(problem: Problem) -> dict[str, Any]:
    """A problem as the functions would render it; the gateway fills the request id in."""
    headers = {name: f"'{value}'" for name, value in (HEADERS | dict(problem.headers)).items()}
    headers["X-Request-Id"] = "context.requestId"
    return {
        "statusCode": str(problem.status),
        "responseParameters": {
            f"gatewayresponse.header.{name}": value for name, value in headers.items()
        },
        "responseTemplates": {"application/json": _body(problem)},
    }


def _body(problem: Problem) -> str:
    return json.dumps(problem.document("$context.requestId"))


def _path(operations: list[Operation]) -> dict[str, Any]:
    item: dict[str, Any] = {o.method.lower(): _operation(o.module) for o in operations}
    # A preflight is answered by the module, which knows the origins; without any there is none.
    preflight = _operation(operations[0].module)
    item["options"] = {"Fn::If": ["HasCors", preflight, {"Ref": "AWS::NoValue"}]}
    return item


def _operation(module: str) -> dict[str, Any]:
    # SAM's own form: `sam local start-api` knows no other.
    alias = f"${{{module.title().replace('_', '')}Function.Alias}}"
    return {
        "responses": {"default": {"description": "See openapi.json"}},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "timeoutInMillis": GATEWAY_SECONDS * 1000,
            "uri": {"Fn::Sub": f"{LAMBDA}/functions/{alias}/invocations"},
        },
    }
