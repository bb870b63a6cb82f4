"""The server's errors as DBAPI classes, with their SQLSTATE, constraint, table and statement."""

from pg8000 import dbapi


class UnencodableText(dbapi.DataError):  # type: ignore[misc]
    """Text that PostgreSQL cannot store: a lone surrogate or a NUL."""

    sqlstate = "22021"
    constraint: str | None = None
    table: str | None = None
    statement: str | None = None


class NotConnected(dbapi.OperationalError):  # type: ignore[misc]
    """The server cannot be reached, or it or a pooler before it refuses the connection."""

    sqlstate = "08001"


class Disconnected(dbapi.OperationalError):  # type: ignore[misc]
    """The connection is of no use any more."""

    sqlstate = "08006"
    is_uncertain = False  # whether a COMMIT was on its way, which may have been done


class TimedOut(Disconnected):
    """The server did not answer in time, so its answer may still come."""


READ_ONLY = "25006"
BY_SQLSTATE = {"22021": UnencodableText, "22P05": UnencodableText}
BY_CLASS = {
    **dict.fromkeys(("08", "28", "40", "53", "54", "55", "57", "58"), dbapi.OperationalError),
    **dict.fromkeys(("21", "26", "34", "3D", "3F", "42"), dbapi.ProgrammingError),
    **dict.fromkeys(("25", "2D", "XX"), dbapi.InternalError),
    "0A": dbapi.NotSupportedError,
    "22": dbapi.DataError,
    "23": dbapi.IntegrityError,
}


def server_error(fields: dict[str, str], statement: str | None = None) -> Exception:
    """The error for the fields of an ErrorResponse to a statement."""
    code = fields.get("C", "")
    kind = BY_SQLSTATE.get(code) or BY_CLASS.get(code[:2], dbapi.DatabaseError)
    return with_details(kind(fields), fields, statement)


def farewell(fields: dict[str, str]) -> Exception | None:
    """The error for fields after which the connection is of no use: the server closes it, or only
    reads, as one does that was the writer before a failover."""
    severity = fields.get("V") or fields.get("S")  # PgBouncer sends S alone
    is_over = severity in ("FATAL", "PANIC") or fields.get("C") == READ_ONLY
    return with_details(Disconnected(fields), fields) if is_over else None


def refused(fields: dict[str, str]) -> Exception:
    """The error for the fields of an ErrorResponse to a connection that begins."""
    return with_details(NotConnected(fields), fields)


def with_details[E: Exception](error: E, fields: dict[str, str], statement: str | None = None) -> E:
    names = {"sqlstate": "C", "constraint": "n", "table": "t"}
    details = {name: fields.get(code) for name, code in names.items()}
    vars(error).update({**details, "statement": statement})
    return error
