"""A pg8000 connection that sends a statement, its BEGIN included, in one flush."""

import select
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from pg8000 import converters, core, dbapi

from nexus.pg.conversion import READERS, WRITERS
from nexus.pg.errors import (
    Disconnected,
    NotConnected,
    TimedOut,
    farewell,
    refused,
    server_error,
)
from nexus.pg.messages import (
    BEGIN,
    Rows,
    Statement,
    flushes,
    numbered,
    parse_bind_execute,
    query,
)

# The answer to a ROLLBACK may have been lost while a Lambda environment was frozen. To wait longer
# for it than this costs more than a new connection.
ROLLBACK_REPLY_SECONDS = 2.0

LONGEST_TEXT = 16 * 1024  # of a statement; RDS Proxy keeps a session that took more for one client

MOST_DESCRIBED = 512  # kinds of rows, of some hundred bytes each

ASYNC_MESSAGES = (core.NOTICE_RESPONSE, core.PARAMETER_STATUS, core.NOTIFICATION_RESPONSE)


class Cursor(dbapi.Cursor):  # type: ignore[misc]
    """pg8000's cursor; what it executes goes out in one flush."""

    _input_oids: Sequence[int]

    def execute(self, operation: str, args: Sequence[Any] = (), stream: None = None) -> None:
        if self._c is None:
            raise dbapi.InterfaceError("Cursor closed")
        oids, self._input_oids = self._input_oids, ()
        if not args and is_script(operation):
            self._context = self._c.execute_simple(operation)
        else:
            sql = numbered(operation, args)
            self._context = self._c.execute_unnamed(sql, args, oids, stream)
        self._row_iter = None if self._context.rows is None else iter(self._context.rows)

    def executemany(self, operation: str, param_sets: Iterable[Sequence[Any]]) -> None:
        oids, self._input_oids = self._input_oids, ()
        statements = [
            self._c.statement(numbered(operation, args), args, oids) for args in param_sets
        ]
        self._c.run(statements)
        counts = [statement.row_count for statement in statements]
        self._context, self._row_iter = core.Context(None), None
        self._context.row_count = -1 if -1 in counts or not counts else sum(counts)


def is_script(sql: str) -> bool:
    """Whether there may be several statements in the text."""
    return ";" in sql.rstrip("; \n")


class Connection(dbapi.Connection):  # type: ignore[misc]
    """Counts its `round_trips`: one for a statement or COMMIT, none for ROLLBACK. `time_left` is
    asked before each wait, the one for the connection too; nothing is sent if it raises. One that
    `prepares` has each statement parsed and planned once: behind a pooler, whose next transaction
    is another server's, it may not."""

    _usock: Any
    _sock: Any

    def __init__(self, *args: Any, time_left: Callable[[], float], **kwargs: Any) -> None:
        self.round_trips = 0
        self.time_left = time_left
        self._ahead: list[Statement] = []
        self._unanswered: list[Statement] = []
        self.prepares = False
        self.is_pinned = False
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._name_numbers = count()
        self._described: dict[bytes, tuple[list[Any], list[Any]]] = {}
        try:
            super().__init__(*args, timeout=time_left(), **kwargs)
        except (dbapi.InterfaceError, OSError) as error:
            raise NotConnected(str(error)) from error
        if self._usock.family != socket.AF_UNIX:
            self._usock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.py_types.update(WRITERS)
        self.pg_types.update(READERS)

    @property
    def autocommit(self) -> bool:
        return False

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        if value:
            # Behind a transaction pooler it handed one client the rows of another.
            raise dbapi.NotSupportedError("every statement runs inside a transaction")

    def cursor(self) -> Cursor:
        return Cursor(self)

    def statement(self, sql: str, vals: Sequence[Any] = (), oids: Sequence[int] = ()) -> Statement:
        values = converters.make_params(self.py_types, vals)
        self.is_pinned = self.is_pinned or len(sql) > LONGEST_TEXT
        if not self.prepares:
            return Statement(sql, parse_bind_execute(sql, values, oids))
        known = sql, tuple(oids)
        is_parsed = known in self._names
        if not is_parsed:
            self._names[known] = f"s{next(self._name_numbers)}".encode()
        data = parse_bind_execute(sql, values, oids, self._names[known], is_parsed=is_parsed)
        return Statement(sql, data)

    def execute_unnamed(
        self,
        statement: str,
        vals: Sequence[Any] = (),
        oids: Sequence[int] = (),
        stream: None = None,
    ) -> Statement:
        if stream is not None:
            raise dbapi.NotSupportedError("COPY is not supported")
        sent = self.statement(statement, vals, oids)
        self.run([sent])
        return sent

    def execute_simple(self, statement: str) -> Statement:
        """Runs several statements in one text, which only the simple protocol takes."""
        self.run()
        begin = "" if self._in_transaction else "begin transaction;"
        script = Statement(statement, query(begin + statement))
        self._exchange([script])
        return script

    def pipeline(self, statements: Iterable[tuple[str, Sequence[Any]]]) -> list[Statement]:
        """Runs the statements with one wait; an error in one skips those after it."""
        sent = [self.statement(numbered(sql, args), args) for sql, args in statements]
        self.run(sent)
        return sent

    @property
    def has_ahead(self) -> bool:
        """Whether something waits to be sent with the next statement."""
        return bool(self._ahead)

    def send_ahead(self, sql: str, args: Sequence[Any], then: Callable[[Rows], object]) -> None:
        """Sends numbered SQL with the next statement, in its flush; `then` gets the rows first and
        may raise."""
        statement = self.statement(sql, args)
        statement.then = then
        self._ahead.append(statement)

    def run(self, statements: Sequence[Statement] = ()) -> None:
        """Sends what was to go ahead and the statements, and reads their answers."""
        self.read_pending()
        ahead, self._ahead = self._ahead, []
        for flush in flushes([*ahead, *statements]):
            begin = [] if self._in_transaction else [Statement("begin", BEGIN)]
            self._exchange([*begin, *flush], core.SYNC_MSG)

    def commit(self, last: Sequence[Statement] = ()) -> None:
        """Commits; what is `last` goes out with the COMMIT, which an error in it prevents."""
        self.run()
        if self._usock is None:
            raise Disconnected("connection is closed")
        if self._in_transaction:
            try:
                self._exchange([*last, self.statement("commit")], core.SYNC_MSG)
            except Disconnected as lost:
                lost.is_uncertain = True
                raise

    def rollback(self) -> None:
        """Ends the transaction without waiting."""
        self._ahead = []
        self._names.clear()  # of what was not sent too
        if self._in_transaction:
            self._send_unanswered([self.statement("rollback")])

    def run_later(self, sql: str, args: Sequence[Any]) -> None:
        """Undoes what is not committed, and runs numbered SQL that may be lost in a transaction of
        its own: nobody waits for the answer or hears that it failed."""
        self.read_pending()
        self._ahead = []
        rollback = [self.statement("rollback")] if self._in_transaction else []
        self._send_unanswered([*rollback, self.statement(sql, args)])

    def read_pending(self) -> None:
        """Reads the answer that nobody waited for."""
        if not self._unanswered:
            return
        with self._kept_in_step(ROLLBACK_REPLY_SECONDS):
            self._receive(self._unanswered)
            self._unanswered = []
            if self._in_transaction:
                raise Disconnected("the last transaction did not end")

    def is_alive(self) -> bool:
        """Whether the server is there, as far as can be told without asking it."""
        with suppress(Disconnected):
            self.read_pending()
            with self._kept_in_step(ROLLBACK_REPLY_SECONDS):
                self._listen()
        return self._usock is not None

    def _listen(self) -> None:
        """Reads what an idle server says of itself: news, or that it has gone."""
        poll = select.poll()
        poll.register(self._usock, select.POLLIN)
        while poll.poll(0):
            code, body = self._message()
            if code not in ASYNC_MESSAGES:
                raise Disconnected(f"the server said {code!r} unasked")
            self.message_types[code](body, core.Context(None))

    def close(self) -> None:
        with suppress(Disconnected):
            self.read_pending()
        if self._usock is not None:
            with suppress(dbapi.InterfaceError):
                super().close()

    def _exchange(self, statements: list[Statement], end: bytes = b"") -> None:
        with self._kept_in_step(self.time_left()):
            self._usock.sendall(b"".join(statement.data for statement in statements) + end)
            self.round_trips += 1
            error = self._receive(statements)
        for statement in statements:
            if statement.is_complete:
                statement.finish()
        if error is not None:
            self._names.clear()  # what came behind it was not parsed
            raise error

    def _send_unanswered(self, statements: list[Statement]) -> None:
        lost = suppress(Disconnected)  # which has ended the transaction
        with lost, self._kept_in_step(ROLLBACK_REPLY_SECONDS):
            self._usock.sendall(b"".join(s.data for s in statements) + core.SYNC_MSG)
            self._unanswered = statements
            self._transaction_status = core.IDLE

    def _receive(self, statements: list[Statement]) -> Exception | None:
        """Reads up to ReadyForQuery; each BindComplete begins the next statement's answer."""
        upcoming = iter(statements)
        current = statements[0]
        error: Exception | None = None
        while True:
            code, body = self._message()
            if code == core.DATA_ROW:
                current.undecoded.append((current.input_funcs, body))
            elif code == core.BIND_COMPLETE:
                current = next(upcoming)
            elif code == core.READY_FOR_QUERY:
                self._transaction_status = body
                return error
            else:
                self.message_types[code](body, current)
                error = error or current.error

    def _message(self) -> tuple[bytes, bytes]:
        code, length = core.ci_unpack(self._read(5))
        return code, self._read(length - 4)

    def _read(self, size: int) -> bytes:
        data: bytes = self._sock.read(size)
        if len(data) < size:
            raise Disconnected("network error")
        return data

    @contextmanager
    def _kept_in_step(self, seconds: float) -> Iterator[None]:
        """Whatever interrupts an exchange, the end of its time too, leaves answers unread, so it
        costs the connection."""
        if self._usock is None:
            raise Disconnected("connection is closed")
        try:
            self._usock.settimeout(seconds)
            yield
        except BaseException as error:
            self._drop()
            if isinstance(error, TimeoutError):
                raise TimedOut("no answer in time") from error
            if isinstance(error, OSError):
                raise Disconnected("network error") from error
            raise

    def _drop(self) -> None:
        for stream in (self._sock, self._usock):
            with suppress(OSError):
                stream.close()
        self._sock = self._usock = None
        self._ahead, self._unanswered = [], []

    def handle_ERROR_RESPONSE(self, data: bytes, context: core.Context) -> None:  # noqa: N802
        super().handle_ERROR_RESPONSE(data, context)
        fields = context.error.args[0]
        if not isinstance(context, Statement):
            context.error = refused(fields)
        elif error := farewell(fields):
            raise error
        else:
            context.error = server_error(fields, context.statement)

    def handle_ROW_DESCRIPTION(self, data: bytes, context: core.Context) -> None:  # noqa: N802
        """The same rows are described alike each time: to read that takes longer than some rows."""
        if data not in self._described:
            if len(self._described) >= MOST_DESCRIBED:
                self._described.clear()
            super().handle_ROW_DESCRIPTION(data, context)
            self._described[data] = context.columns, context.input_funcs
        context.columns, context.input_funcs = self._described[data]
        context.rows = context.rows or []

    def handle_COMMAND_COMPLETE(self, data: bytes, context: Statement) -> None:  # noqa: N802
        context.is_complete = True
        last = data[:-1].rpartition(b" ")[2]
        if last.isdigit():
            context.row_count = max(context.row_count, 0) + int(last)
        elif last == b"ROLLBACK" and context.statement.lower().startswith(("commit", "end")):
            context.error = server_error({"C": "25P02", "M": "the failed transaction was undone"})


def connect(**kwargs: Any) -> Connection:
    return Connection(**kwargs)
