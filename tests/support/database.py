"""The database behind the API, for what no route does: turn clocks back, see what is stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from pg8000.native import Connection, DatabaseError
from sqlalchemy import make_url

type Rows = list[dict[str, Any]]

HELD_UP = """
    SELECT EXISTS (SELECT FROM pg_locks
                   WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""


class Session:
    """One connection in autocommit, with named parameters."""

    def __init__(self, url: str) -> None:
        at = make_url(url)
        self._connection = Connection(
            str(at.username), at.host or "", at.database, at.port or 5432, at.password, timeout=60
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def run(self, sql: str, **values: Any) -> Rows:
        rows = self._connection.run(sql, **values) or []
        names = [column["name"] for column in self._connection.columns or []]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def column(self, sql: str, **values: Any) -> list[Any]:
        return [next(iter(row.values())) for row in self.run(sql, **values)]

    def value(self, sql: str, **values: Any) -> Any:
        (value,) = self.column(sql, **values)
        return value

    def count(self, sql: str, **values: Any) -> int:
        """How many rows a statement wrote."""
        self._connection.run(sql, **values)
        return int(self._connection.row_count)

    def refusal(self, sql: str, **values: Any) -> str:
        """What the database says to a statement that it has to refuse."""
        try:
            self._connection.run(sql, **values)
        except DatabaseError as refused:
            return str(refused)
        raise AssertionError(f"the database did not refuse: {sql}")

    def holds_up_another(self) -> bool:
        """Whether another connection waits for what this one's transaction has locked."""
        return bool(self.value(HELD_UP))

    @contextmanager
    def undone(self) -> Iterator[None]:
        """A transaction that leaves nothing behind."""
        self.run("BEGIN")
        try:
            yield
        finally:
            self.run("ROLLBACK")
