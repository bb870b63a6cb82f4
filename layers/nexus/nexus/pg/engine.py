"""SQLAlchemy on the pipelining connection: its dialect, and an engine with one connection."""

# ruff: noqa: ARG002 - the signatures are SQLAlchemy's

import ssl
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Literal, cast

import sqlalchemy
from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000

from nexus.pg.connection import Connection
from nexus.pg.conversion import json_text
from nexus.pg.errors import Disconnected


class Dialect(PGDialect_pg8000):
    """Asks the server nothing on connecting: it has told enough by then."""

    driver = "nexus"
    supports_statement_cache = True

    @classmethod
    def import_dbapi(cls) -> ModuleType:
        return sys.modules["nexus.pg"]

    def is_disconnect(self, e: BaseException, connection: Any, cursor: Any) -> bool:
        return isinstance(e, Disconnected)

    def get_isolation_level_values(self, dbapi_conn: Any) -> Sequence[Literal["READ COMMITTED"]]:
        # AUTOCOMMIT mixes up clients behind a pooler; another level would stay on its server.
        return ("READ COMMITTED",)

    def get_default_isolation_level(self, dbapi_conn: Any) -> Literal["READ COMMITTED"]:
        return "READ COMMITTED"

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Nothing to do: there is only the default."""

    def _get_server_version_info(self, connection: sqlalchemy.Connection) -> tuple[int, ...]:
        version = driver(connection).parameter_statuses.get("server_version", "16")
        return tuple(int(part) for part in version.split()[0].split(".") if part.isdigit())

    def _get_default_schema_name(self, connection: sqlalchemy.Connection) -> str:
        return "public"

    def _set_backslash_escapes(self, connection: sqlalchemy.Connection) -> None:
        strings = driver(connection).parameter_statuses.get("standard_conforming_strings", "on")
        self._backslash_escapes = strings == "off"


sqlalchemy.dialects.registry.register("postgresql.nexus", __name__, "Dialect")


def driver(connection: sqlalchemy.Connection) -> Connection:
    """The connection beneath SQLAlchemy's."""
    return cast("Connection", connection.connection.dbapi_connection)


def create_engine(
    url: str,
    *,
    time_left: Callable[[], float],
    ssl_context: ssl.SSLContext | None = None,
    password: Callable[[], str] | None = None,
) -> sqlalchemy.Engine:
    """An engine with one connection; `password`, if given, is asked at every connect."""
    engine = sqlalchemy.create_engine(
        sqlalchemy.make_url(url).set(drivername="postgresql+nexus"),
        connect_args={"ssl_context": ssl_context or False, "time_left": time_left},
        json_serializer=json_text,
        hide_parameters=True,  # errors are logged; tokens and passwords are not
        pool_size=1,
        max_overflow=0,
    )

    @sqlalchemy.event.listens_for(engine, "do_connect")
    def ask_password(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
        if password is not None:
            options["password"] = password()

    @sqlalchemy.event.listens_for(engine, "checkout")
    def replace_dead(connection: Connection, _record: Any, _proxy: Any) -> None:
        if not connection.is_alive():
            raise sqlalchemy.exc.DisconnectionError

    @sqlalchemy.event.listens_for(engine, "checkin")
    def let_go_of_pinned(connection: Connection | None, _record: Any) -> None:
        if connection is not None and connection.is_pinned:
            connection.close()

    return engine
