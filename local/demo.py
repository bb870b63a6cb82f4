"""Demo data for a fresh database, made by the API's own requests, the same at every first start."""

import asyncio
import multiprocessing
import random
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from local.files import redirect_output

type Json = dict[str, Any]
type Part = Callable[["Demo"], Awaitable[None]]

SEED = 1897
TENANT = "Lakeside School District"
PEOPLE = (
    ("a.okafor", "Amara Okafor", "Technology"),
    ("b.lindqvist", "Benedikt Lindqvist", "Help Desk"),
    ("c.moretti", "Chiara Moretti", "Help Desk"),
    ("d.volkov", "Dmitri Volkov", "Network Team"),
    ("e.yilmaz", "Elif Yılmaz", "Network Team"),  # noqa: RUF001 - it is her name
    ("f.haddad", "Fatima Haddad", "Facilities"),
    ("g.nakamura", "Grace Nakamura", "Facilities"),
    ("h.ibanez", "Héctor Ibáñez", "Lakeside Elementary"),
    ("i.sorensen", "Ingrid Sørensen", "Lakeside Middle"),
    ("j.whitaker", "Jamal Whitaker", "Lakeside High"),
)
NESTED_GROUPS: dict[str, tuple[str, ...]] = {
    "Technology": ("Help Desk", "Network Team"),
    "Facilities": (),
    "Schools": ("Lakeside Elementary", "Lakeside Middle", "Lakeside High"),
}


class Demo:
    """The administrator's requests, and chance that falls alike every time."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.chance = random.Random(SEED)  # noqa: S311 - nothing secret comes of it
        self.users: dict[str, Json] = {}
        self.groups: dict[str, Json] = {}

    async def post(self, path: str, **body: Any) -> Json:
        """Creates something, or raises."""
        response = await self._http.post(path, json=body)
        response.raise_for_status()
        answer: Json = response.json()
        return answer

    async def sign_in(self, username: str, password: str) -> None:
        """All that follows is done by this user."""
        form = {"username": username, "password": password}
        response = await self._http.post("/me/signin", data=form)
        response.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {response.json()['access_token']}"

    def work_in(self, tenant: Json) -> None:
        """All that follows is done in this tenant."""
        self._http.headers["X-Tenant-Id"] = tenant["id"]


async def people(demo: Demo) -> None:
    """Users that nobody can sign in as until an administrator sets their password."""
    for username, full_name, _ in PEOPLE:
        demo.users[username] = await demo.post(
            "/users",
            username=username,
            email=f"{username}@lakeside.example",
            full_name=full_name,
            password=secrets.token_urlsafe(32),
        )


async def groups(demo: Demo) -> None:
    """Departments, the groups in them, and who belongs to which."""
    for name, inner in NESTED_GROUPS.items():
        for each in (name, *inner):
            demo.groups[each] = await demo.post("/groups", name=each)
        for each in inner:
            await _add(demo, name, member_group_id=demo.groups[each]["id"])
    for username, _, group in PEOPLE:
        await _add(demo, group, user_id=demo.users[username]["id"])


# A module that moves in adds its part here; each may use what the ones before it have made.
PARTS: tuple[Part, ...] = (people, groups)


def load(app: ASGIApp, username: str, password: str, log: Path) -> None:
    """Loads all parts in a process of its own, so that this one opens no connection."""
    process = multiprocessing.get_context("fork").Process(
        target=_load, args=(app, username, password, log)
    )
    process.start()
    process.join()
    if process.exitcode:
        print(f"nexus: the demo data was not loaded in full (log: {log}).", flush=True)


def _load(app: ASGIApp, username: str, password: str, log: Path) -> None:
    redirect_output(log)
    asyncio.run(_load_parts(app, username, password))


async def _load_parts(app: ASGIApp, username: str, password: str) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        demo = Demo(http)
        await demo.sign_in(username, password)
        demo.work_in(await demo.post("/tenants", name=TENANT))
        for part in PARTS:
            await part(demo)


async def _add(demo: Demo, group: str, **member: str) -> None:
    await demo.post(f"/groups/{demo.groups[group]['id']}/memberships", **member)
