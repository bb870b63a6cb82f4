"""A pg8000 connection that sends a whole statement in one flush, and its SQLAlchemy dialect."""

# ruff: noqa: ARG002, N818 - signatures of others; errors are named by the situation

import json
import select
import socket
import ssl
import struct
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from types import ModuleType
from typing import Any, Literal, cast

import sqlalchemy
from pg8000 import __version__, converters, core, dbapi  # type: ignore[import-untyped]
from pg8000.core import ci_unpack as read_header  # type: ignore[import-untyped]
from pg8000.core import i_pack as pack_int32
from pg8000.core import i_unpack as read_int32
from pg8000.dbapi import (  # type: ignore[import-untyped]
    INTERVAL,
    UNKNOWN,
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Range,
    paramstyle,
)
from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000

# A socket's buffer holds more than this, so what follows the first statement of a flush never
# blocks the sending while the server waits for us to read the first statement's answer.
ROOM_BEHIND_FIRST = 16 * 1024

Rows = list[list[Any]]

# What SQLAlchemy looks for in a DBAPI module.
__all__ = ["INTERVAL", "UNKNOWN", "Error", "Range", "__version__", "connect", "paramstyle"]


class UnencodableText(DataError):  # type: ignore[misc]
    """Text that PostgreSQL cannot store: a lone surrogate or a NUL."""

    sqlstate: str | None = "22021"
    constraint: str | None = None
    table: str | None = None


class Disconnected(OperationalError):  # type: ignore[misc]
    """The server cannot be reached, or has gone away."""

    sqlstate: str | None = None
    constraint: str | None = None
    table: str | None = None


ERROR_BY_SQLSTATE = {"22021": UnencodableText, "22P05": UnencodableText}
ERROR_BY_CLASS = {
    **dict.fromkeys(("08", "28", "40", "53", "54", "55", "57", "58"), OperationalError),
    **dict.fromkeys(("21", "26", "34", "3D", "3F", "42"), ProgrammingError),
    **dict.fromkeys(("25", "2D", "XX"), InternalError),
    "0A": NotSupportedError,
    "22": DataError,
    "23": IntegrityError,
}


def server_error(fields: dict[str, str], kind: type[Exception] | None = None) -> Exception:
    code = fields.get("C", "")
    kind = kind or ERROR_BY_SQLSTATE.get(code) or ERROR_BY_CLASS.get(code[:2], DatabaseError)
    error: Any = kind(fields)
    error.sqlstate, error.constraint, error.table = code, fields.get("n"), fields.get("t")
    return cast("Exception", error)


def encoded(text: str) -> bytes:
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise UnencodableText("text has a lone surrogate") from error
    if b"\0" in data:
        raise UnencodableText("text has a NUL character")
    return data


def message(code: bytes, body: bytes = b"") -> bytes:
    size: bytes = pack_int32(len(body) + 4)
    return code + size + body


EXECUTE_AND_DESCRIBE = message(core.DESCRIBE, core.PORTAL + b"\0") + core.EXECUTE_MSG


@lru_cache(maxsize=512)
def parse_message(sql: str, has_arguments: bool, oids: tuple[int, ...] = ()) -> bytes:
    if has_arguments:
        sql, _ = dbapi.convert_paramstyle("format", sql, ())
    types = struct.pack(f"!H{len(oids)}i", len(oids), *(max(oid, 0) for oid in oids))
    return message(core.PARSE, b"\0" + encoded(sql) + b"\0" + types)


def bind_message(values: Sequence[str | None]) -> bytes:
    body = bytearray(b"\0\0\0\0" + struct.pack("!H", len(values)))
    for value in values:
        if value is None:
            body += pack_int32(-1)
        else:
            data = encoded(value)
            body += pack_int32(len(data)) + data
    return message(core.BIND, bytes(body + b"\0\0"))


BEGIN = (
    parse_message("begin transaction", has_arguments=False) + bind_message(()) + core.EXECUTE_MSG
)


class Statement(core.Context):  # type: ignore[misc]
    """What goes to the server, and then what came back."""

    rows: Rows | None

    def __init__(self, sql: str, data: bytes, then: Callable[[Rows], object] | None = None) -> None:
        super().__init__(sql)
        self.data = data
        self.then = then
        self.complete = False
        self.undecoded: list[tuple[list[Callable[[str], Any]], bytes]] = []

    def decode(self) -> None:
        # After the last message is read: a value that no converter takes must not leave the
        # connection in the middle of an answer.
        if self.rows is not None:
            self.rows = [decoded_row(*row) for row in self.undecoded]


def decoded_row(convert: list[Callable[[str], Any]], data: bytes) -> list[Any]:
    row: list[Any] = []
    start = 2
    for converter in convert:
        length = read_int32(data, start)[0]
        start += 4
        if length < 0:
            row.append(None)
            continue
        row.append(converter(str(data[start : start + length], "utf8")))
        start += length
    return row


def flushes(statements: Iterable[Statement]) -> Iterator[list[Statement]]:
    """The statements in groups that can be sent before the first answer is read."""
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


class Cursor(dbapi.Cursor):  # type: ignore[misc]
    _input_oids: Sequence[int]

    def execute(self, operation: str, args: Sequence[Any] = (), stream: None = None) -> None:
        if self._c is None:
            raise InterfaceError("Cursor closed")
        if stream is not None:
            raise NotSupportedError("COPY is not supported")
        oids, self._input_oids = tuple(self._input_oids), ()
        if not args and ";" in operation.rstrip("; \n"):
            self._context = self._c.run_script(operation)
        else:
            self._context = self._c.encode(operation, args, oids)
            self._c.run([self._context])
        self._row_iter = None if self._context.rows is None else iter(self._context.rows)

    def executemany(self, operation: str, param_sets: Iterable[Sequence[Any]]) -> None:
        oids, self._input_oids = tuple(self._input_oids), ()
        statements = [self._c.encode(operation, args, oids) for args in param_sets]
        self._context, self._row_iter = core.Context(None), None
        if statements:
            self._c.run(statements)
            counts = [statement.row_count for statement in statements]
            self._context.row_count = -1 if -1 in counts else sum(counts)


class Connection(dbapi.Connection):  # type: ignore[misc]
    """One flush and one wait for a statement, its BEGIN included."""

    _usock: Any
    _sock: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.waits = 0
        self._ahead: list[Statement] = []
        self._unanswered: list[Statement] = []
        try:
            super().__init__(*args, **kwargs)
        except (InterfaceError, OSError) as error:
            raise Disconnected(str(error)) from error
        if self._usock.family != socket.AF_UNIX:
            self._usock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.py_types[dict] = JSON_TEXT
        for oid, converter in FAST_CONVERTERS.items():
            self.register_in_adapter(oid, converter)

    @property
    def autocommit(self) -> bool:
        return False

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if value:
            # Behind a transaction pooler two statements of one client may meet two servers.
            raise NotSupportedError("every statement runs inside a transaction")

    def cursor(self) -> Cursor:
        return Cursor(self)

    def encode(self, sql: str, args: Sequence[Any] = (), oids: tuple[int, ...] = ()) -> Statement:
        parse = parse_message(sql, bool(args), oids)
        bind = bind_message(converters.make_params(self.py_types, args))
        return Statement(sql, parse + bind + EXECUTE_AND_DESCRIBE)

    def send_ahead(self, sql: str, args: Sequence[Any], then: Callable[[Rows], object]) -> None:
        """Send with the next statement, in one flush; `then` gets its rows first and may raise."""
        statement = self.encode(sql, args)
        statement.then = then
        self._ahead.append(statement)

    def pipeline(self, statements: Iterable[tuple[str, Sequence[Any]]]) -> list[Statement]:
        """Run the statements with one wait; an error in one skips those after it."""
        sent = [self.encode(sql, args) for sql, args in statements]
        self.run(sent)
        return sent

    def run(self, statements: list[Statement]) -> None:
        self.settle()
        ahead, self._ahead = self._ahead, []
        for flush in flushes([*ahead, *statements]):
            begin = [] if self._in_transaction else [Statement("begin", BEGIN)]
            self._exchange([*begin, *flush], core.SYNC_MSG)

    def run_script(self, sql: str) -> Statement:
        """Several statements in one text, which only the simple protocol takes."""
        text = encoded(sql)
        if self._ahead:
            self.run([])
        self.settle()
        begin = b"" if self._in_transaction else b"begin transaction;"
        script = Statement(sql, message(core.QUERY, begin + text + b"\0"))
        self._exchange([script])
        return script

    def _exchange(self, statements: list[Statement], end: bytes = b"") -> None:
        with self._kept_in_step():
            self._usock.sendall(b"".join(statement.data for statement in statements) + end)
            self.waits += 1
            error = self._receive(statements)
        for statement in statements:
            statement.decode()
            if statement.then and statement.complete:
                statement.then(statement.rows or [])
        if error:
            raise error

    def _receive(self, statements: list[Statement]) -> Exception | None:
        upcoming = iter(statements)
        current = statements[0]
        error: Exception | None = None
        while True:
            code, length = read_header(self._read(5))
            body = self._read(length - 4)
            if code == core.DATA_ROW:
                current.undecoded.append((current.input_funcs, body))
                continue
            if code == core.PARSE_COMPLETE:
                current = next(upcoming)
            self.message_types[code](body, current)
            error = error or current.error
            if code == core.COMMAND_COMPLETE:
                current.complete = True
            elif code == core.READY_FOR_QUERY:
                return error
            elif code == core.ERROR_RESPONSE and current.error.args[0].get("V") in FATAL:
                raise server_error(current.error.args[0], Disconnected)

    def _read(self, size: int) -> bytes:
        data: bytes = self._sock.read(size)
        if len(data) < size:
            raise Disconnected("network error")
        return data

    @contextmanager
    def _kept_in_step(self) -> Iterator[None]:
        """Whatever interrupts an exchange leaves answers unread, so it costs the connection."""
        if self._usock is None:
            raise Disconnected("connection is closed")
        try:
            yield
        except BaseException as error:
            self._drop()
            if isinstance(error, OSError):
                raise Disconnected("network error") from error
            raise

    def _drop(self) -> None:
        for stream in (self._sock, self._usock):
            with suppress(OSError):
                stream.close()
        self._sock = self._usock = None
        self._unanswered = []

    def handle_ERROR_RESPONSE(self, data: bytes, context: core.Context) -> None:  # noqa: N802
        super().handle_ERROR_RESPONSE(data, context)
        context.error = server_error(context.error.args[0])

    def handle_COMMAND_COMPLETE(self, data: bytes, context: core.Context) -> None:  # noqa: N802
        last = data[:-1].rpartition(b" ")[2]
        if last.isdigit():
            context.row_count = max(context.row_count, 0) + int(last)
        elif last == b"ROLLBACK" and context.statement.lower().startswith(("commit", "end")):
            context.error = server_error({"C": "25P02", "M": "the failed transaction was undone"})

    def commit(self) -> None:
        if self._ahead:
            self.run([])
        self.settle()
        if self._in_transaction:
            self._exchange([self.encode("commit")], core.SYNC_MSG)

    def commit_later(self) -> None:
        """Commit what may be lost: nobody waits for the answer or hears of a refusal."""
        if self._ahead:
            self.run([])
        if self._transaction_status == core.IN_TRANSACTION:
            self._send_unanswered("commit")
        else:
            self.commit()

    def rollback(self) -> None:
        """Ends the transaction without waiting; a lost connection has ended it already."""
        self._ahead = []
        if self._usock is not None and self._in_transaction:
            with suppress(Disconnected):
                self._send_unanswered("rollback")

    def _send_unanswered(self, sql: str) -> None:
        statement = self.encode(sql)
        with self._kept_in_step():
            self._usock.sendall(statement.data + core.SYNC_MSG)
        self._unanswered.append(statement)
        self._transaction_status = core.IDLE

    def settle(self) -> None:
        """Read the answer that nobody waited for."""
        if not self._unanswered:
            return
        with self._kept_in_step():
            self._receive(self._unanswered)
            self._unanswered = []
            if self._in_transaction:
                raise Disconnected("the last transaction did not end")

    def is_alive(self) -> bool:
        """Whether the server is there as far as can be told without asking it."""
        with suppress(Disconnected):
            self.settle()
        if self._usock is None:
            return False
        # An idle server says nothing; when there is something to read it said good-bye.
        return not select.select([self._usock], [], [], 0)[0]

    def close(self) -> None:
        with suppress(Disconnected):
            self.settle()
        if self._usock is not None:
            with suppress(InterfaceError):
                super().close()


def connect(**kwargs: Any) -> Connection:
    return Connection(**kwargs)


def read_timestamptz(text: str) -> Any:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return converters.timestamptz_in(text)


def read_date(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return converters.date_in(text)


FAST_CONVERTERS = {converters.TIMESTAMPTZ: read_timestamptz, converters.DATE: read_date}
# Unescaped, so that a lone surrogate in JSON is found here and not by the server.
JSON_TEXT = partial(json.dumps, ensure_ascii=False)
FATAL = ("FATAL", "PANIC")


class Dialect(PGDialect_pg8000):
    """Asks the server nothing on connecting: it has told enough already."""

    driver = "nexus"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        return sys.modules[__name__]

    def _get_server_version_info(self, connection: sqlalchemy.Connection) -> tuple[int, ...]:
        version = driver(connection).parameter_statuses["server_version"]
        return tuple(int(part) for part in version.split()[0].split(".") if part.isdigit())

    def _get_default_schema_name(self, connection: sqlalchemy.Connection) -> str:
        return "public"

    def _set_backslash_escapes(self, connection: sqlalchemy.Connection) -> None:
        strings = driver(connection).parameter_statuses.get("standard_conforming_strings", "on")
        self._backslash_escapes = strings == "off"

    def get_default_isolation_level(self, dbapi_conn: Any) -> Literal["READ COMMITTED"]:
        return "READ COMMITTED"

    def get_isolation_level_values(self, dbapi_conn: Any) -> Sequence[Literal["READ COMMITTED"]]:
        # AUTOCOMMIT mixes up clients behind a pooler, and other levels would stay on its server.
        return ("READ COMMITTED",)

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        pass

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        return isinstance(e, Disconnected)


sqlalchemy.dialects.registry.register("postgresql.nexus", __name__, "Dialect")


def driver(connection: sqlalchemy.Connection) -> Connection:
    """The connection beneath SQLAlchemy's."""
    return cast("Connection", connection.connection.dbapi_connection)


def create_engine(
    url: str,
    *,
    ssl_context: ssl.SSLContext | None = None,
    password: Callable[[], str] | None = None,
    timeout: float | None = None,
) -> sqlalchemy.Engine:
    """An engine with one connection; `password` is asked at every connect."""
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(url).set(drivername="postgresql+nexus"),
        connect_args={"ssl_context": ssl_context or False, "timeout": timeout},
        json_serializer=JSON_TEXT,
        pool_size=1,
        max_overflow=0,
    )
    sqlalchemy.event.listen(engine, "checkout", refuse_dead)
    if password is not None:

        def ask_password(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
            options["password"] = password()

        sqlalchemy.event.listen(engine, "do_connect", ask_password)
    return engine


def refuse_dead(connection: Connection, _record: object, _proxy: object) -> None:
    if not connection.is_alive():
        raise sqlalchemy.exc.DisconnectionError
