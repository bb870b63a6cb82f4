"""What stock pg8000 and ours must answer alike: each case is the statements of one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Network
from typing import Any
from uuid import UUID

from pg8000.types import PGInterval, Range

INDIA = timezone(timedelta(hours=5, minutes=30))


@dataclass(frozen=True)
class Many:
    """The same statement for several sets of parameters."""

    sql: str
    sets: Sequence[Sequence[Any]]


type Step = str | tuple[Any, ...] | Many

PARAMETERS: dict[str, tuple[str, Any]] = {
    "smallint": ("smallint", -32768),
    "integer": ("integer", 2147483647),
    "bigint": ("bigint", -(2**63)),
    "numeric": ("numeric", Decimal("12345678901234567890.000100")),
    "numeric NaN": ("numeric", Decimal("NaN")),
    "numeric of a money column": ("numeric(12,2)", Decimal("0.005")),
    "double": ("double precision", 0.1 + 0.2),
    "double infinity": ("double precision", float("inf")),
    "real": ("real", 1.5),
    "true": ("boolean", True),
    "false": ("boolean", False),
    "text": ("text", "plain"),
    "empty text": ("text", ""),
    "text beyond the basic plane": ("text", "Zoë 漢字 😀 \U0010ffff"),
    "text of quotes": ("text", """ '' " \\ $1 %s %% :x """),
    "text of control characters": ("text", "\t\r\n\x01\x7f\u2028"),
    "varchar": ("varchar(5)", "abc"),
    "char pads": ("char(5)", "abc"),
    "bytea": ("bytea", bytes(range(256))),
    "empty bytea": ("bytea", b""),
    "date": ("date", date(2026, 2, 28)),
    "first date": ("date", date(1, 1, 1)),
    "date infinity": ("date", "infinity"),
    "date before Christ": ("date", "0044-03-15 BC"),
    "date of five digits": ("date", "12345-01-01"),
    "time": ("time", time(23, 59, 59, 999999)),
    "timestamp": ("timestamp", datetime(2026, 1, 2, 3, 4, 5, 60)),  # noqa: DTZ001
    "timestamp infinity": ("timestamp", "-infinity"),
    "timestamptz": ("timestamptz", datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)),
    "timestamptz whole second": ("timestamptz", datetime(2026, 1, 2, tzinfo=UTC)),
    "timestamptz tenth": ("timestamptz", datetime(2026, 1, 2, 3, 4, 5, 100000, tzinfo=UTC)),
    "timestamptz elsewhere": ("timestamptz", datetime(2026, 1, 2, tzinfo=INDIA)),
    "timestamptz infinity": ("timestamptz", "infinity"),
    "timestamptz of five digits": ("timestamptz", "12345-01-01 00:00:00+00"),
    "interval": ("interval", timedelta(days=3, seconds=4, microseconds=5)),
    "interval of months": ("interval", PGInterval(months=14, days=1)),
    "uuid": ("uuid", UUID("0190b5a4-0000-7000-8000-00000000abcd")),
    "json": ("json", {"b": 1, "a": [None, True, 1.5, "é"]}),
    "jsonb": ("jsonb", {"b": {"c": []}, "a": "\u2028😀\n"}),
    "jsonb of a big number": ("jsonb", '{"n": 123456789012345678901234567890}'),
    "inet": ("inet", IPv4Address("10.0.0.1")),
    "inet network": ("inet", IPv4Network("10.0.0.0/8")),
    "int array": ("int[]", [1, None, -3]),
    "nested int array": ("int[]", [[1, 2], [3, 4]]),
    "empty array": ("int[]", []),
    "text array": ("text[]", ["a,b", '"', "\\", "{}", "NULL", None, "", " x "]),
    "bool array": ("boolean[]", [True, False, None]),
    "numeric array": ("numeric[]", [Decimal("1.10"), None]),
    "uuid array": ("uuid[]", [UUID(int=1)]),
    "bytea array": ("bytea[]", [b"\x00\xff"]),
    "date array": ("date[]", [date(2026, 1, 1)]),
    "timestamptz array": ("timestamptz[]", [datetime(2026, 1, 1, tzinfo=UTC)]),
    "int range": ("int4range", Range(1, 5)),
    "empty range": ("int4range", Range(is_empty=True)),
    "date range": ("daterange", Range(date(2026, 1, 1), None, bounds="[)")),
    "point": ("point", "(1.5,2)"),
    "money": ("money", "12.50"),
    "oid": ("oid", 4294967295),
}

TABLE = (
    "create temp table t (id int primary key, n int not null check (n > 0), x text) on commit drop"
)
FILLED = ("insert into t select i, i, repeat('x', %s) from generate_series(1, 5) i", 3)

TRANSACTIONS: dict[str, list[Step]] = {
    "nothing selected": ["select"],
    "no row": [("select 1 where %s::int = 2", 1)],
    "an empty statement": [""],
    "only a comment": ["-- nothing"],
    "a statement ending in a semicolon": ["select 1;"],
    "several statements in one text": ["select 1 as a; select 2 as a"],
    "a block of code": ["do $$ begin perform 1; end $$", "select 1"],
    "columns of one name": ["select 1 as a, 'x' as a, null as a"],
    "many columns": [f"select {', '.join(f'{i} as c{i}' for i in range(300))}"],
    "many rows": [("select i, repeat('é', i %% 40) from generate_series(1, %s) i", 3000)],
    "many parameters": [(f"select array[{', '.join(['%s::int'] * 3000)}]", *range(3000))],
    "a NULL of every kind": [("select %s::int, %s::text, %s::jsonb, %s::int[]", *[None] * 4)],
    "types made out by the server": [("select 1 where 'a' = %s and 3 > %s", "a", 2)],
    "a percent sign in a pattern": [("select 'abc' like 'a%%' and %s", True)],
    "a placeholder's look-alike in quotes": [
        ('select \'a %s\', "%s" from (select %s::int) q("%s")', 1)
    ],
    "an escape string": [("select E'a\\'%%', %s::int", 1)],
    "a comment with a placeholder": [("select %s::int -- %s\n + 1", 1)],
    "dollar quotes": [("select $$it's$$ || %s", "x")],
    "a question mark": [("select '{\"a\": 1}'::jsonb ? %s", "a")],
    "a record": ["select row(1, 'a', null)"],
    "a void function": [("select pg_notify(%s, '')", "x")],
    "values": ["values (1, 'a'), (2, null)"],
    "show": ["show server_version_num"],
    "explain": ["explain (costs off) select 1"],
    "a setting for the transaction": [
        ("select set_config('nexus.tenant_id', %s, true)", "one"),
        "select current_setting('nexus.tenant_id')",
    ],
    "a setting that ended with its transaction": [
        "select current_setting('nexus.tenant_id', true)"
    ],
    "an isolation level as the first statement": [
        "set transaction isolation level serializable",
        "show transaction_isolation",
    ],
    "begin within a transaction": ["begin", "select 1"],
    "a cursor": [
        "declare c cursor for select generate_series(1, 5)",
        "fetch 2 from c",
        "fetch all from c",
        "close c",
    ],
    "rows affected": [
        TABLE,
        FILLED,
        ("update t set n = n + 1 where id > %s", 2),
        ("delete from t where id = %s", 99),
        "delete from t",
        "select * from t",
    ],
    "returning": [
        TABLE,
        ("insert into t values (%s, %s, %s) returning *, n * 2 as twice", 1, 2, None),
        ("update t set x = %s returning x", "new"),
        ("delete from t where id = %s returning id", 1),
    ],
    "on conflict": [
        TABLE,
        FILLED,
        ("insert into t values (%s, 9, '') on conflict (id) do nothing returning id", 1),
        ("insert into t values (%s, 9, '') on conflict (id) do update set n = 8 returning n", 1),
    ],
    "a write within a query": [
        TABLE,
        ("with made as (insert into t values (%s, 1, 'x') returning id) select * from made", 1),
    ],
    "many sets": [
        TABLE,
        Many("insert into t values (%s, %s, %s)", [(i, i, "x" * i) for i in range(1, 400)]),
        "select count(*), sum(length(x)) from t",
        Many("update t set n = n + 1 where id <= %s", [(1,), (3,), (0,)]),
        Many("delete from t where id = %s", []),
    ],
    "many sets, one of them wrong": [
        TABLE,
        Many("insert into t values (%s, %s, null)", [(1, 1), (2, 0), (3, 3)]),
        "select 1",
    ],
    "unique violation": [TABLE, FILLED, ("insert into t values (%s, 1, null)", 1), "select 1"],
    "check violation": [TABLE, ("insert into t values (1, %s, null)", 0)],
    "not null violation": [TABLE, ("insert into t values (1, %s, null)", None)],
    "foreign key violation": [
        TABLE,
        "create temp table u (t int references t) on commit drop",
        ("insert into u values (%s)", 1),
    ],
    "a syntax error": [("selec %s", 1), "select 1"],
    "an unknown table": [("select * from nowhere where id = %s", 1)],
    "an error in a value": [("select %s::int", "one")],
    "an error while rows flow": [
        ("select 1 / (i - %s) from generate_series(1, 3000) i", 2000),
        "select 1",
    ],
    "too few parameters": [("select %s::int, $2::int", 1), "select 1"],
    "an error with a state of its own": [
        "do $$ begin raise exception 'no' using errcode = 'NX001'; end $$",
        "select 1",
    ],
    "a notice": ["do $$ begin raise notice 'hm'; end $$", "select 1"],
    "savepoints": [
        TABLE,
        "savepoint a",
        ("insert into t values (%s, 1, null)", 1),
        "savepoint b",
        ("insert into t values (%s, 1, null)", 1),
        "rollback to savepoint b",
        "release savepoint b",
        "select id from t",
        "rollback to savepoint a",
        "select id from t",
    ],
    "an error after a savepoint's release": [
        "savepoint a",
        "release savepoint a",
        "rollback to savepoint a",
        "select 1",
    ],
    "commit of a failed transaction": ["select 1 / 0", "commit", "select 1"],
    "commit by hand": ["select 1", "commit", "select 2"],
    "rollback by hand": ["select 1 / 0", "rollback", "select 2"],
    "four megabytes of text": [("select md5(%s), length(%s)", "é" * 2**21, "x" * 2**22)],
    "four megabytes there and back": [("select %s::text", "\\'é" * 2**20)],
    "four megabytes of bytes": [("select %s::bytea", bytes(range(256)) * 2**14)],
    "a big parameter after an error": [("select 1 / %s", 0), ("select %s::text", "x" * 2**22)],
}
