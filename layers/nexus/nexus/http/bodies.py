"""Reading a body: its media type, its JSON, text that can be stored."""

import json
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any, NoReturn

from starlette.requests import Request

from nexus.problems import BodyTooLarge, MalformedRequest, UnsupportedMediaType, ValidationFailed
from nexus.text import is_storable

MAX_BYTES = 1 << 20
GIVE_UP_BYTES = 10 << 20  # what the gateway takes at the most
MAX_DEPTH = 32
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
FORM = "application/x-www-form-urlencoded"


class JsonRequest(Request):
    """A request whose JSON was read and checked before any route sees it."""

    parsed: Any = None

    def keep(self, body: bytes) -> None:
        self._body = body

    async def json(self) -> Any:
        return self.parsed


async def read_body(request: JsonRequest) -> bytes:
    """The whole body. Raises BodyTooLarge, having let the caller finish what is not absurd."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > GIVE_UP_BYTES:
            break
    if len(body) > MAX_BYTES:
        raise BodyTooLarge
    request.keep(bytes(body))
    return bytes(body)


def check_media_type(request: Request, *, is_form: bool) -> None:
    """Raises UnsupportedMediaType for a body that is not what the route reads."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    taken = (FORM,) if is_form else (JSON, MERGE_PATCH) if request.method == "PATCH" else (JSON,)
    if sent not in taken:
        raise UnsupportedMediaType(
            f"Send {' or '.join(taken)}.", headers={"Accept": ", ".join(taken)}
        )


def read_json(body: bytes) -> Any:
    """Raises MalformedRequest; ValidationFailed for text that PostgreSQL cannot store."""
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as failure:
        raise MalformedRequest(_told(failure)) from None
    if "\\u" in text or text.count("[") + text.count("{") > MAX_DEPTH:
        errors = list(_unstorable(value, "", 0))
        if errors:
            raise ValidationFailed(*errors)
    return value


def pointer_of(location: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedRequest(f"The body is no JSON: {name[:40]} is no number.")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse_constant(digits)


def _told(failure: Exception) -> str:
    if isinstance(failure, json.JSONDecodeError):
        return f"The body is no JSON: {failure.msg} at character {failure.pos}."
    if isinstance(failure, UnicodeDecodeError):
        return "The body is not UTF-8."
    return "The body is no JSON, or nested too deeply."


def _unstorable(value: Any, pointer: str, depth: int) -> Iterator[dict[str, str]]:
    if depth > MAX_DEPTH:
        yield {"pointer": pointer, "message": f"nested more than {MAX_DEPTH} deep"}
    elif isinstance(value, str):
        if not is_storable(value):
            yield {"pointer": pointer, "message": "NUL and lone surrogates cannot be stored"}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _unstorable(item, f"{pointer}/{place}", depth + 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            if is_storable(name):
                yield from _unstorable(item, pointer + pointer_of([name]), depth + 1)
            else:
                yield from _unstorable(name, pointer, depth + 1)
