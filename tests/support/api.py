"""A caller of the API: a token, a tenant, and requests that say which answer they expect."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from urllib.parse import quote, urlencode

import httpx

from tests.support.envelope import check_envelope, told

type Json = dict[str, Any]


def connect(base_url: str, address: str | None = None) -> httpx.Client:
    """Any address of 127.0.0.0/8 can be the caller's: lock-outs count by it."""
    return httpx.Client(
        base_url=base_url,
        timeout=60,
        # Nothing is encrypted here, and to read all authorities takes a client's better half.
        transport=httpx.HTTPTransport(verify=False, local_address=address, limits=httpx.Limits()),
        event_hooks={"response": [check_envelope]},
    )


@dataclass(frozen=True)
class Api:
    http: httpx.Client
    token: str | None = None
    tenant_id: str | None = None
    user: Json = field(default_factory=dict)
    password: str = ""

    def within(self, tenant_id: str | None) -> Self:
        return replace(self, tenant_id=tenant_id)

    def bearing(self, token: str | None) -> Self:
        return replace(self, token=token)

    def through(self, http: httpx.Client) -> Self:
        return replace(self, http=http)

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str | bytes] | None = None,
        **options: Any,
    ) -> httpx.Response:
        if params := options.pop("params", None):  # with commas between values, as they are
            path += "?" + urlencode(params, doseq=True, safe=",", quote_via=quote)
        sent = {**self.credentials(), **(headers or {})}
        encoded = {name.encode(): _bytes(value) for name, value in sent.items()}
        return self.http.request(method, path, headers=encoded, **options)

    def credentials(self) -> dict[str, str | bytes]:
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        tenant = {"X-Tenant-Id": self.tenant_id} if self.tenant_id else {}
        return {**token, **tenant}

    def expect(self, status: int, method: str, path: str, **options: Any) -> httpx.Response:
        response = self.send(method, path, **options)
        assert response.status_code == status, told(response, f"expected {status}")
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self.expect(200, "GET", path, params=query).json()

    def items(self, path: str, **query: Any) -> list[Json]:
        items: list[Json] = self.get(path, **query)["items"]
        return items

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self.expect(201, "POST", path, json=body, **options).json()

    def act(self, path: str, body: Any = None, **options: Any) -> Any:
        """An action, which answers 200 with the record as it now is."""
        sent = {} if body is None else {"json": body}
        return self.expect(200, "POST", path, **sent, **options).json()

    def patch(self, path: str, body: Any, **options: Any) -> Any:
        return self.expect(200, "PATCH", path, json=body, **options).json()

    def delete(self, path: str, **options: Any) -> None:
        assert self.expect(204, "DELETE", path, **options).content == b""

    def refused(self, status: int, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The problem that the API answers with."""
        sent = {} if body is None else {"json": body}
        return self.expect(status, method, path, **sent, **options).json()

    def pages(self, path: str, **query: Any) -> list[Json]:
        """Every item of a list, page by page."""
        page = self.get(path, **query)
        items: list[Json] = page["items"]
        while page["next"]:
            page = self.get(path, **{**query, "cursor": page["next"]})
            items = items + page["items"]
        return items


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


def pointers(problem: Json) -> list[str]:
    return [error["pointer"] for error in problem.get("errors", [])]


def slug(problem: Json) -> str:
    return str(problem["type"]).rsplit("/", 1)[1]


def moment(text: str) -> datetime:
    """To be compared: a whole second has no fraction, and as texts it comes after its parts."""
    return datetime.fromisoformat(text)


def anonymous(problem: Json, *ids: str) -> str:
    """A problem without what may differ between two records: the request and the id asked for."""
    text = repr({key: value for key, value in problem.items() if key != "instance"})
    for id_ in ids:
        text = text.replace(id_, "<id>")
    return text
