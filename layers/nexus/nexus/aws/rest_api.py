"""API Gateway's REST events as Mangum is given them: one pass there, one back."""

from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import unquote, urlencode

from mangum.handlers.utils import get_server_and_port
from mangum.types import Response

from nexus.db.deadline import TAKEN_AT
from nexus.http import dispatch
from nexus.problems import MEDIA_TYPE

Event = dict[str, Any]
# Any other body goes in base64, as what is compressed does.
TEXT = ("text/", "application/json", MEDIA_TYPE)


class RestApi:
    """A proxy integration behind a stage or a custom domain's path. `path` carries the domain's
    base path, and only `requestContext.path` the stage: what the app serves is the resource."""

    def __init__(self, *given: Any) -> None:
        self.event, self.context, _config = given

    @classmethod
    def infer(cls, event: Event, context: Any, config: Any) -> bool:  # noqa: ARG003 - Mangum's
        return True

    @property
    def body(self) -> bytes:
        body = self.event.get("body") or ""
        return b64decode(body) if self.event.get("isBase64Encoded") else body.encode()

    @property
    def scope(self) -> dict[str, Any]:
        event, context = self.event, self.event["requestContext"]
        headers = _headers(event)
        given: dict[str, str] = event.get("pathParameters") or {}
        params = {name: unquote(value) for name, value in given.items()}
        path = event["resource"].replace("+}", "}").format_map(given)
        whole = context.get("path") or path
        return {
            "type": "http",
            "http_version": "1.1",
            "method": event["httpMethod"],
            "headers": [[name.encode(), value.encode()] for name, value in headers],
            "path": unquote(path),
            "raw_path": whole.encode(),
            "root_path": "",
            "query_string": _query_string(event),
            "client": ((context.get("identity") or {}).get("sourceIp"), 0),
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "aws.event": {**event, "prefix": whole.removesuffix(path)},
            "aws.context": self.context,
            TAKEN_AT: _taken_at(context),
            **_origin(dict(headers)),
            **dispatch.matched(event["resource"], params),
        }

    def __call__(self, response: Response) -> Event:
        headers: dict[str, str] = {}
        for raw, value in response["headers"]:
            name = raw.decode().lower()
            before = f"{headers[name]}, " if name in headers else ""
            headers[name] = before + value.decode()
        body: bytes = response["body"]
        is_text = headers.get("content-type", "").startswith(TEXT) or not body
        is_text = is_text and "content-encoding" not in headers
        return {
            "statusCode": response["status"],
            "headers": headers,
            "multiValueHeaders": {},
            "body": (body if is_text else b64encode(body)).decode(),
            "isBase64Encoded": not is_text,
        }


def _taken_at(context: dict[str, Any]) -> float | None:
    milliseconds: int | None = context.get("requestTimeEpoch")
    return milliseconds / 1000 if milliseconds else None


def _headers(event: Event) -> list[tuple[str, str]]:
    """Each value by itself. Nothing compressed is asked for where the gateway would not decode it:
    it goes by the request's Accept (docs.aws.amazon.com/apigateway, "Return binary media from a
    Lambda")."""
    many = event.get("multiValueHeaders") or {n: [v] for n, v in (event["headers"] or {}).items()}
    headers = [(name.lower(), value) for name, values in many.items() for value in values]
    if any(name == "accept" for name, _ in headers):
        return headers
    return [header for header in headers if header[0] != "accept-encoding"]


def _origin(headers: dict[str, str]) -> dict[str, Any]:
    return {
        "scheme": headers.get("x-forwarded-proto", "https"),
        "server": get_server_and_port(headers),
    }


def _query_string(event: Event) -> bytes:
    """Which commas were %2C the gateway does not tell: all are taken for parts of values."""
    given = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters")
    return urlencode(given or {}, doseq=True).encode()
