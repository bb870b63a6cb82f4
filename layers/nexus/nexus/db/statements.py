"""SQL that is compiled once for each shape of a statement; a request only fills in its values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from pg8000.dbapi import convert_paramstyle
from sqlalchemy import Executable
from sqlalchemy.sql.compiler import SQLCompiler

from nexus.pg.conversion import json_text
from nexus.pg.engine import Dialect

Values = Mapping[str, Any]
NO_VALUES: Values = {}


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement with numbered parameters; of `constants` its shape decides the values."""

    text: str
    names: Sequence[str] = ()
    constants: Values = field(default_factory=dict)
    writers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def arguments(self, values: Values) -> list[Any]:
        """The values in their order. Raises KeyError for one that is missing."""
        known = {**self.constants, **values} if self.constants else values
        if not self.writers:
            return [known[name] for name in self.names]
        return [
            self.writers[name](known[name]) if name in self.writers else known[name]
            for name in self.names
        ]


def remembered[**P, T](make: Callable[P, T]) -> Callable[P, T]:
    """What a function makes of its arguments is made once, for the shapes that were used last."""
    cached = lru_cache(maxsize=1024)(make)
    _remembering.append(cached)
    return cast("Callable[P, T]", cached)


def forget() -> None:
    """Make all of it anew."""
    for cached in _remembering:
        cached.cache_clear()


_remembering: list[Any] = []


def compiled(statement: Executable) -> Sql:
    """The SQL of a statement. What varies between requests has to be a `bindparam` without a value:
    whatever value is in the statement stays in it."""
    made = statement.compile(dialect=_dialect())  # type: ignore[attr-defined]
    assert isinstance(made, SQLCompiler)  # noqa: S101 - for the type checker
    names = tuple(made.positiontup or ())
    constants = {n: v for n, v in made.params.items() if not made.binds[n].required}
    writers = {n: writer for n in names if (writer := _writer(made, n))}
    return Sql(_numbered(made.string), names, constants, writers)


@lru_cache
def _dialect() -> Dialect:
    return Dialect(json_serializer=json_text)  # type: ignore[no-untyped-call]


def _writer(made: SQLCompiler, name: str) -> Callable[[Any], Any] | None:
    type_ = made.binds[name].type.dialect_impl(_dialect())
    return type_.bind_processor(_dialect())


def _numbered(sql: str) -> str:
    converted: str = convert_paramstyle("format", sql, ())[0]
    return converted
