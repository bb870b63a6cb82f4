"""What all parts of the demo data are made with."""

import random
from typing import Any

import httpx

type Json = dict[str, Any]

SEED = 1897
DOMAIN = "lakeside.example"


class Demo:
    """The administrator's requests, and chance that falls alike every time."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.chance = random.Random(SEED)  # noqa: S311 - nothing secret comes of it
        self.users: dict[str, Json] = {}
        self.groups: dict[str, Json] = {}
        self.locations: dict[str, Json] = {}  # by code
        self.persons: dict[str, Json] = {}  # by external id
        self.items: dict[str, Json] = {}  # by name

    async def get(self, path: str) -> Json:
        """Reads something, or raises."""
        return _answer(await self._http.get(path))

    async def post(self, path: str, **body: Any) -> Json:
        """Creates something, or raises."""
        return _answer(await self._http.post(path, json=body))

    async def sign_in(self, username: str, password: str) -> None:
        """All that follows is done by this user."""
        form = {"username": username, "password": password}
        signed_in = _answer(await self._http.post("/me/signin", data=form))
        self._http.headers["Authorization"] = f"Bearer {signed_in['access_token']}"

    def work_in(self, tenant: Json) -> None:
        """All that follows is done in this tenant."""
        self._http.headers["X-Tenant-Id"] = tenant["id"]


def _answer(response: httpx.Response) -> Json:
    response.raise_for_status()
    answer: Json = response.json()
    return answer
