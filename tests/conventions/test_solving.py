"""A route's arguments come out as FastAPI would have them, right and wrong ones."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query, Request
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

from nexus.http import solving
from tests.support.inside import InProcess

THING = {"name": "Lamp", "parts": [1, 2]}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/things/7", {}),
    ("GET", "/things/seven", {}),
    ("GET", "/things/7?limit=3&tag=a&tag=b", {}),
    ("GET", "/things/7?limit=many", {}),
    ("GET", "/things/seven?limit=0", {}),
    ("GET", "/things/7", {"headers": {"X-Size": "12", "Authorization": "Bearer abc"}}),
    ("GET", "/things/7", {"headers": {"X-Size": "large", "Authorization": "Basic abc"}}),
    ("POST", "/things", {"json": THING}),
    ("POST", "/things", {"json": THING | {"parts": ["one", 2]}}),
    ("POST", "/things", {"json": {}}),
    ("POST", "/things", {"json": []}),
    ("POST", "/things", {"json": None}),
    ("POST", "/things", {}),
    ("POST", "/embedded", {"json": {"thing": THING, "count": 2}}),
    ("POST", "/embedded", {"json": THING}),
    ("POST", "/embedded", {}),
    ("POST", "/optional", {}),
    ("POST", "/optional", {"json": THING}),
]


class Thing(BaseModel):
    name: str
    parts: list[int]


class Solved(APIRoute):
    def get_route_handler(self) -> solving.Handler:
        assert solving.is_plain(self.dependant)
        return solving.handler(self.dependant, embed=self._embed_body_fields)


async def counted(request: Request) -> int:
    request.state.calls = getattr(request.state, "calls", 0) + 1
    return int(request.state.calls)


async def size(once: Annotated[int, Depends(counted)], x_size: Annotated[int, Header()] = 1) -> int:
    return once * x_size


async def get_thing(
    thing_id: int,
    once: Annotated[int, Depends(counted)],
    size: Annotated[int, Depends(size)],
    token: Annotated[str | None, Depends(OAuth2PasswordBearer(tokenUrl="token", auto_error=False))],
    limit: Annotated[int, Query(ge=1)] = 50,
    tag: Annotated[list[str] | None, Query()] = None,
) -> JSONResponse:
    return JSONResponse([thing_id, once, size, token, limit, tag])


async def create_thing(thing: Thing) -> JSONResponse:
    return JSONResponse(thing.model_dump())


async def create_embedded(thing: Thing, count: Annotated[int, Body()] = 1) -> JSONResponse:
    return JSONResponse([thing.model_dump(), count])


async def create_optional(thing: Thing | None = None) -> JSONResponse:
    return JSONResponse(thing and thing.model_dump())


def serving(route_class: type[APIRoute]) -> httpx.Client:
    router = APIRouter(route_class=route_class)
    router.add_api_route("/things/{thing_id}", get_thing, methods=["GET"])
    router.add_api_route("/things", create_thing, methods=["POST"])
    router.add_api_route("/embedded", create_embedded, methods=["POST"])
    router.add_api_route("/optional", create_optional, methods=["POST"])
    made = FastAPI()
    made.include_router(router)
    return httpx.Client(base_url="http://app", transport=InProcess(made))


@pytest.mark.parametrize(
    ("method", "path", "options"), REQUESTS, ids=lambda part: str(part).replace("/", "_")
)
def test_arguments_and_errors_are_those_of_fastapi(
    method: str, path: str, options: dict[str, Any]
) -> None:
    with serving(APIRoute) as theirs, serving(Solved) as ours:
        expected = theirs.request(method, path, **options)
        answer = ours.request(method, path, **options)
    assert (answer.status_code, answer.json()) == (expected.status_code, expected.json())


def in_a_thread() -> None: ...


async def generated() -> Any:
    yield 1


@pytest.mark.parametrize("needed", [in_a_thread, generated])
def test_what_is_not_plain_is_left_to_fastapi(needed: Any) -> None:
    async def endpoint(value: Annotated[Any, Depends(needed)]) -> None: ...

    assert not solving.is_plain(APIRoute("/", endpoint).dependant)
