"""Reading a body: its media type, its JSON or form, text in one form that can be stored."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from math import isfinite
from typing import Any, NoReturn

from starlette.datastructures import FormData
from starlette.requests import Request

from nexus.problems import BodyTooLarge, MalformedRequest, UnsupportedMediaType, ValidationFailed
from nexus.text import decoded, is_storable, nfc

MAX_BYTES = 1 << 20
GIVE_UP_BYTES = 10 << 20  # what the gateway takes at the most
MAX_DEPTH = 32
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
FORM = "application/x-www-form-urlencoded"
PLAIN = "identity"
# Escapes of what cannot be stored (NUL, surrogates) or composes with what stands before it, as
# nothing below U+0300 does.
ESCAPED = re.compile(r"\\u(?:0000|0[3-9a-f]|[1-9a-f])", re.ASCII | re.IGNORECASE)
BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class CheckedRequest(Request):
    """A request whose body, JSON or a form, was read and checked before any route sees it."""

    parsed: Any = None

    def keep(self, body: bytes) -> None:
        self._body = body

    async def json(self) -> Any:
        return self.parsed


async def read_body(request: CheckedRequest) -> bytes:
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
    encoding = request.headers.get("content-encoding", PLAIN).strip().lower()
    if encoding != PLAIN:
        raise UnsupportedMediaType(
            f"Send the body as it is: Content-Encoding {encoding[:40]!r} is not read here.",
            headers={"Accept-Encoding": PLAIN},
        )
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    taken = (FORM,) if is_form else (JSON, MERGE_PATCH) if request.method == "PATCH" else (JSON,)
    if sent not in taken:
        raise UnsupportedMediaType(
            f"Send {' or '.join(taken)}.", headers={"Accept": ", ".join(taken)}
        )


def read_json(body: bytes) -> Any:
    """Its text in NFC. Raises MalformedRequest; ValidationFailed for what cannot be stored."""
    try:
        text = body.decode()
        value = _decoder().decode(text)
    except (ValueError, RecursionError) as failure:
        raise MalformedRequest(_told(failure)) from None
    is_escaped = ESCAPED.search(text) or ("\\u" in text and not text.isascii())
    if is_escaped or text.count("[") + text.count("{") > MAX_DEPTH:
        errors = list(_unstorable(value, "", 0))
        if errors:
            raise ValidationFailed(*errors)
    return _composed(value) if is_escaped or not unicodedata.is_normalized("NFC", text) else value


def read_form(body: bytes, members: Collection[str]) -> FormData:
    """Its texts in NFC, without those that are empty (RFC 6749, 3.2: they are as if left out).
    Raises MalformedRequest for other members, and for a form that could be read in two ways;
    ValidationFailed for what cannot be stored."""
    if BROKEN_ESCAPE.search(body):
        raise MalformedRequest("The form has a % that begins no escape: write %25 for it.")
    pairs = [field.partition(b"=") for field in body.split(b"&") if field]
    try:
        form = [(nfc(decoded(name)), nfc(decoded(value))) for name, _, value in pairs]
    except ValueError:
        raise MalformedRequest("The form is not UTF-8.") from None
    for name, times in Counter(name for name, _ in form).items():
        if name not in members:
            raise MalformedRequest(
                f"The form takes {', '.join(members)}; {name[:40]!r} is none of them.",
                allowed=list(members),
            )
        if times > 1:
            raise MalformedRequest(f"The form gives {name!r} twice.")
    errors = list(_unstorable(dict(form), "", 0))
    if errors:
        raise ValidationFailed(*errors)
    return FormData([(name, value) for name, value in form if value])


def pointer_of(location: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedRequest(f"The body is no JSON: {name[:40]} is no number.")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse_constant(digits)


@cache
def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(
        parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=_members
    )


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        name, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise MalformedRequest(f"The body gives the member {name[:40]!r} twice.")
    return members


def _composed(value: Any) -> Any:
    """The same in NFC. After parsing: an escape may stand beside what it composes with."""
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, list):
        return [_composed(item) for item in value]
    if isinstance(value, dict):
        return _members([(nfc(name), _composed(item)) for name, item in value.items()])
    return value


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
