"""An upload's form as it comes: its fields, then the file, which never is in memory as a whole."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from local.store.refusals import Refusal, malformed

LARGEST_HEAD = 32 * 1024  # of all fields together; S3 takes 20 KB
CHUNK = 64 * 1024


class Stream(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """So many, or fewer at the end."""


class Event(NamedTuple):
    """A part begins, more of one comes, or the form ends."""

    kind: str
    data: bytes = b""


class Form:
    """Read once, in order. What stands behind the file is not looked at, as S3 does not."""

    def __init__(self, content_type: str, length: int, stream: Stream) -> None:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or not options.get(b"boundary"):
            raise Refusal(412, "PreconditionFailed", "An upload is multipart/form-data.")
        self.unread = length
        self._stream = stream
        self._events = self._parsed(options[b"boundary"])

    def fields(self) -> dict[str, str]:
        """All before the file, by their names in lower case. Raises Refusal."""
        found: dict[str, bytes] = {}
        name, size = "", 0
        for kind, data in self._events:
            size += len(data)
            if size > LARGEST_HEAD:
                raise Refusal(400, "MaxPostPreDataLengthExceeded", "The fields are too long.")
            if kind == "part":
                name = data.decode().lower()
                if name == "file":
                    return {one: value.decode() for one, value in found.items()}
                if name in found:
                    raise malformed(f"The field {name} is there twice.")
                found[name] = b""
            elif kind == "data":
                found[name] += data
        raise Refusal(400, "InvalidArgument", "POST requires exactly one file upload per request.")

    def content(self) -> Iterator[bytes]:
        """The file's, in pieces. Raises Refusal if the form breaks off."""
        is_file = True
        for kind, data in self._events:
            is_file = is_file and kind == "data"
            if is_file:
                yield data
            if kind == "end":
                return
        raise malformed("The form has no end.")

    def _parsed(self, boundary: bytes) -> Iterator[Event]:
        events: list[Event] = []
        parser = _parser(boundary, events)
        while self.unread and (data := self._stream.read(min(self.unread, CHUNK))):
            self.unread -= len(data)
            try:
                parser.write(data)
            except FormParserError as failure:
                raise malformed(str(failure)) from None
            yield from events
            events.clear()


def _parser(boundary: bytes, events: list[Event]) -> MultipartParser:
    """Appends to the events."""
    header, value = bytearray(), bytearray()

    def end_header() -> None:
        if header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(value))
            events.append(Event("part", options.get(b"name", b"")))
        header.clear()
        value.clear()

    return MultipartParser(
        boundary,
        {
            "on_header_field": lambda data, start, end: header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: value.extend(data[start:end]),
            "on_header_end": end_header,
            "on_part_data": lambda data, start, end: events.append(Event("data", data[start:end])),
            "on_end": lambda: events.append(Event("end")),
        },
    )
