"""What is sent for a statement, encoded whole beforehand, and what comes back for it."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pg8000 import core, dbapi

from nexus.pg.errors import UnencodableText

# A socket's buffers hold more than this. What follows the first statement of a flush must fit
# there: the server may stop reading until we read the first statement's answer.
ROOM_BEHIND_FIRST = 16 * 1024

NULL = struct.pack("!i", -1)
length_of = struct.Struct("!i").unpack_from

Rows = list[list[Any]]


class Statement(core.Context):  # type: ignore[misc]
    """A statement as it is sent and, later, its answer: rows, columns, row_count."""

    rows: Rows | None

    def __init__(self, sql: str, data: bytes) -> None:
        super().__init__(sql)
        self.data = data
        self.then: Callable[[Rows], object] | None = None
        self.is_complete = False
        self.undecoded: list[tuple[list[Callable[[str], Any]], bytes]] = []

    def finish(self) -> None:
        """Decodes the rows; they wait for the last message, as converters may raise."""
        if self.rows is not None:
            self.rows = [decoded_row(*row) for row in self.undecoded]
        if self.then is not None:
            self.then(self.rows or [])


def decoded_row(converters: list[Callable[[str], Any]], data: bytes) -> list[Any]:
    row: list[Any] = []
    start = 2
    for convert in converters:
        end = start + 4
        (length,) = length_of(data, start)
        if length < 0:
            row.append(None)
        else:
            end += length
            row.append(convert(str(data[start + 4 : end], "utf8")))
        start = end
    return row


def encoded(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise UnencodableText("text with a lone surrogate") from error
    if b"\0" in data:
        raise UnencodableText("text with a NUL character")
    return data


def message(code: bytes, body: bytes) -> bytes:
    return code + struct.pack("!i", len(body) + 4) + body


def numbered(sql: str, args: Sequence[Any]) -> str:
    """The SQL with $1 for the first %s and so on; without arguments it is left as it is."""
    return _numbered(sql) if args else sql


@lru_cache(maxsize=512)
def _numbered(sql: str) -> str:
    # Remembered, because pg8000 looks for them a character at a time.
    converted: str = dbapi.convert_paramstyle("format", sql, ())[0]
    return converted


def parse_bind_execute(
    sql: str,
    values: Sequence[str | None],
    oids: Sequence[int] = (),
    name: bytes = b"",
    *,
    is_parsed: bool = False,
) -> bytes:
    """Of a name that the server has parsed already, without that."""
    types = struct.pack(f"!H{len(oids)}i", len(oids), *(max(oid, 0) for oid in oids))
    bind = bytearray(b"\0" + name + b"\0" + struct.pack("!2xH", len(values)))
    for value in values:
        if value is None:
            bind += NULL
        else:
            data = encoded(value)
            bind += struct.pack("!i", len(data)) + data
    parts = (
        b"" if is_parsed else message(core.PARSE, name + b"\0" + encoded(sql) + b"\0" + types),
        message(core.BIND, bytes(bind) + b"\0\0"),
        message(core.DESCRIBE, core.PORTAL + b"\0"),
        core.EXECUTE_MSG,
    )
    return b"".join(parts)


BEGIN = parse_bind_execute("begin transaction", ())


def query(script: str) -> bytes:
    return message(core.QUERY, encoded(script) + b"\0")


def flushes(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """The statements in groups that can be sent whole before an answer is read."""
    flush: list[Statement] = []
    behind_first = 0
    for statement in statements:
        behind_first += len(statement.data) if flush else 0
        if behind_first > ROOM_BEHIND_FIRST:
            yield flush
            flush, behind_first = [], 0
        flush.append(statement)
    if flush:
        yield flush
