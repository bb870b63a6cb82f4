"""Behind a stage or a custom domain an answer's absolute URLs lead back through it."""

import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.people import Tenant, unique

type Inside = Callable[[Api], Api]
PLACES = [
    ("abc123.execute-api.eu-central-1.amazonaws.com", "/v1", "v1"),
    ("api.example.org", "", "v1"),
    ("api.example.org", "/nexus", "v1"),
]


def event(method: str, resource: str, host: str, prefix: str, stage: str) -> dict[str, Any]:
    return {
        "resource": resource,
        "path": prefix + resource if prefix != f"/{stage}" else resource,
        "httpMethod": method,
        "headers": {"Host": host, "X-Forwarded-Proto": "https"},
        "multiValueHeaders": {"Host": [host], "X-Forwarded-Proto": ["https"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {
            "stage": stage,
            "path": prefix + resource,
            "resourcePath": resource,
            "httpMethod": method,
            "requestId": "c0ffee00-0000-4000-8000-000000000000",
            "identity": {"sourceIp": "203.0.113.9", "userAgent": "test"},
            "domainName": host,
            "protocol": "HTTP/1.1",
        },
    }


def with_header(asked: dict[str, Any], name: str, value: str) -> None:
    asked["headers"][name] = value
    asked["multiValueHeaders"][name] = [value]


@pytest.mark.parametrize(("host", "prefix", "stage"), PLACES)
def test_location_and_link_lead_back(
    inside: Inside, tenant: Tenant, host: str, prefix: str, stage: str
) -> None:
    inside(tenant.admin)
    handler = importlib.import_module("system.app").handler
    asked = event("POST", "/groups", host, prefix, stage)
    with_header(asked, "Authorization", f"Bearer {tenant.admin.token}")
    with_header(asked, "X-Tenant-Id", tenant.id)
    with_header(asked, "Content-Type", "application/json")
    asked["body"] = json.dumps({"name": unique("Located")})
    made = handler(asked, None)
    assert made["statusCode"] == 201, made
    id_ = json.loads(made["body"])["id"]
    assert header(made, "location") == f"https://{host}{prefix}/groups/{id_}"
    asked = event("GET", "/groups", host, prefix, stage)
    with_header(asked, "Authorization", f"Bearer {tenant.admin.token}")
    with_header(asked, "X-Tenant-Id", tenant.id)
    asked["multiValueQueryStringParameters"] = {"limit": ["1"]}
    asked["queryStringParameters"] = {"limit": "1"}
    listed = handler(asked, None)
    assert header(listed, "link").startswith(f"<https://{host}{prefix}/groups?")


def header(answer: dict[str, Any], name: str) -> str:
    headers = {**answer.get("headers", {}), **answer.get("multiValueHeaders", {})}
    value = {key.lower(): value for key, value in headers.items()}[name]
    return str(value[0] if isinstance(value, list) else value)
