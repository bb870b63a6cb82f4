"""The server's errors as DBAPI classes, with their SQLSTATE, constraint, table and statement."""

from pg8000 import dbapi


class UnencodableText(dbapi.DataError):  # type: ignore[misc]
    """Text that PostgreSQL cannot store: a lone surrogate or a NUL."""

    sqlstate = "22021"
    constraint: str | None = None
    table: str | None = None
    statement: str | None = None


class Disconnected(dbapi.OperationalError):  # type: ignore[misc]
    """The server cannot be reached, or has gone away."""

    sqlstate = "08006"
    constraint: str | None = None
    table: str | None = None


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
    """The error for fields after which the server closes the connection."""
    is_fatal = fields.get("V") in ("FATAL", "PANIC")
    return with_details(Disconnected(fields), fields) if is_fatal else None


def with_details[E: Exception](error: E, fields: dict[str, str], statement: str | None = None) -> E:
    names = {"sqlstate": "C", "constraint": "n", "table": "t"}
    details = {name: fields.get(code) for name, code in names.items()}
    vars(error).update({**details, "statement": statement})
    return error
