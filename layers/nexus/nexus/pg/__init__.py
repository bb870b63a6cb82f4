"""pg8000, pipelined: the DBAPI module that SQLAlchemy is given, and the engine built on it."""

from pg8000.dbapi import (
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
    __version__,
    paramstyle,
)

from nexus.pg.connection import Connection, connect
from nexus.pg.engine import create_engine, driver
from nexus.pg.errors import Disconnected, NotConnected, TimedOut, UnencodableText

Binary = bytes

__all__ = [
    "INTERVAL",
    "UNKNOWN",
    "Binary",
    "Connection",
    "DataError",
    "DatabaseError",
    "Disconnected",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotConnected",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Range",
    "TimedOut",
    "UnencodableText",
    "__version__",
    "connect",
    "create_engine",
    "driver",
    "paramstyle",
]
