"""Demo data for a fresh database, made by the API's own requests, the same at every first start."""

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from starlette.types import ASGIApp

from local.demo.network import network
from local.demo.people import people
from local.demo.places import places
from local.demo.session import Demo
from local.demo.users import groups, users
from local.files import redirect_output

type Part = Callable[[Demo], Awaitable[None]]

TENANT = "Lakeside School District"

# A module that moves in adds its part here; each may use what the ones before it have made.
PARTS: tuple[Part, ...] = (users, groups, places, people, network)


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
