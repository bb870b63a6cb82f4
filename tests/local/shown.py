"""What the API's document shows: each operation with its example's ids and bodies."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import httpx

from tests.support.documented import FORM, PATHS, SCHEMAS, differences

JSON = "application/json"
MADE_MEANWHILE = {"audit_event_id", "attachment_id"}  # found in the list
OF_WHO_SIGNED_UP = ("me.change_password", "me.signout")
# What follows on what: of a kind of operation by what ends its path, else by how it succeeds.
RANKS = {"current-tenant": -2, "current-project": -1, "archive": 4, "restore": 5, "signout": 7}


class Shown(NamedTuple):
    """An operation, `parameters` as they are shown, and a body by the name of its example."""

    operation_id: str
    method: str
    path: str
    parameters: Mapping[str, str]
    bodies: Mapping[str, Any]
    is_form: bool
    success: str
    responses: Mapping[str, Any]

    def place(self, **instead: str) -> str:
        return self.path.format_map({**self.parameters, **instead})

    @property
    def rank(self) -> int:
        """What is selected first, then reads, what makes, what changes and moves, what ends."""
        if self.method != "POST":
            return {"GET": 0, "PUT": 1, "PATCH": 3, "DELETE": 6}[self.method]
        return RANKS.get(self.path.rpartition("/")[2], 2 if self.success == "201" else 3)


class Sender:
    """Sends what is shown as an administrator, with what is another each time put in its place:
    secrets, and ids of what only happens. Whoever the example of a sign-up makes changes a password
    and signs out instead of them."""

    def __init__(self, http: httpx.Client, username: str, password: str) -> None:
        self.http = http
        self.password = password
        self.secrets = {"username": username, "password": password}
        self.token = self._signed_in()
        self.own_token = ""  # of who signed up

    def failures(self, one: Shown) -> Iterator[str]:
        """What is answered otherwise than the document says of a success."""
        for name, body in one.bodies.items():
            answer = self._send(one, body)
            if str(answer.status_code) != one.success:
                yield f"{one.operation_id} {name}: {answer.status_code} {answer.text}"
            elif answer.headers.get("content-type") == JSON and one.method != "DELETE":
                found = differences(answer.json(), one.responses[one.success])
                yield from (f"{one.operation_id} {name}: {told}" for told in found)

    def _send(self, one: Shown, body: Any) -> httpx.Response:
        is_own = one.operation_id in OF_WHO_SIGNED_UP
        headers = {"Authorization": f"Bearer {self.own_token}"} if is_own else self._headers(one)
        if one.is_form:
            sent: dict[str, Any] = {"data": {**body, **self.secrets}}
        elif body is not None and "current_password" in body:
            sent = {"json": {**body, "current_password": self.password}}
        else:
            sent = {"json": body} if body is not None else {}
        place = one.place(**self._ids(one))
        answer = self.http.request(one.method, place, headers=headers, **sent)
        if one.operation_id == "me.signup" and answer.is_success:
            self.own_token, self.password = answer.json()["access_token"], body["password"]
        return answer

    def _ids(self, one: Shown) -> dict[str, str]:
        if "session_id" in one.parameters:
            return {"session_id": self._signed_in().removeprefix("nxs_")[:26]}
        for name in MADE_MEANWHILE & one.parameters.keys():
            listed = one.place().rpartition("/")[0]
            told = self.http.get(listed, headers=self._headers(one)).json()
            return {name: told["items"][0]["id"]}
        return {}

    def _headers(self, one: Shown) -> dict[str, str]:
        tenant = {name: value for name, value in one.parameters.items() if name == "X-Tenant-Id"}
        return {"Authorization": f"Bearer {self.token}", **tenant}

    def _signed_in(self) -> str:
        token: str = self.http.post("/me/signin", data=self.secrets).json()["access_token"]
        return token


def shown() -> list[Shown]:
    """All operations, in an order in which each finds what it needs."""
    return sorted(_shown(), key=lambda one: one.rank)


def _shown() -> Iterator[Shown]:
    for path, item in PATHS.items():
        for method, operation in item.items():
            named = operation.get("parameters", ())
            content = operation.get("requestBody", {}).get("content", {})
            media_type, told = next(iter(content.items()), ("", {}))
            yield Shown(
                operation["operationId"],
                method.upper(),
                path,
                {one["name"]: one["example"] for one in named if "example" in one},
                _bodies(told),
                media_type == FORM,
                next(status for status in operation["responses"] if status[0] == "2"),
                operation["responses"],
            )


def _bodies(told: Mapping[str, Any]) -> Mapping[str, Any]:
    if not told:
        return {"": None}
    if "examples" in told:
        return {name: one["value"] for name, one in told["examples"].items()}
    name = told["schema"]["$ref"].rpartition("/")[2]
    return {"": SCHEMAS[name]["examples"][0]}
