"""What API Gateway sends to a function."""

from collections.abc import Mapping
from typing import Any

type Event = dict[str, Any]


def event(
    method: str,
    resource: str,
    token: str,
    body: str | None = None,
    query: dict[str, str] | None = None,
    path: dict[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Event:
    """A request to a REST API, as a browser's comes through it."""
    sent = {
        "Accept": "application/json", "Accept-Encoding": "gzip", "Host": "api.example.org",
        "User-Agent": "bench", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https", "X-Amzn-Trace-Id": "Root=1-68a0-0123456789abcdef01234567",
        "Authorization": f"Bearer {token}", **(headers or {}),
    }  # fmt: skip
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    url = resource.format(**(path or {}))
    return {
        "resource": resource, "path": url, "httpMethod": method, "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {n: [v] for n, v in query.items()},
        "pathParameters": path, "stageVariables": None, "isBase64Encoded": False, "body": body,
        "requestContext": {
            "path": f"/v1{url}", "stage": "v1", "httpMethod": method, "resourcePath": resource,
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": "192.0.2.1", "userAgent": "bench"},
        },
    }  # fmt: skip
