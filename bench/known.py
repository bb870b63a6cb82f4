"""What the first of the filled tenants has, as cases name it, and where pages of it begin."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from bench.filling import Filling


@dataclass(frozen=True)
class Known:
    connection: Connection
    filling: Filling

    @property
    def tenant(self) -> str:
        return self.filling.tenants[0]

    def one(self, sql: str, **values: Any) -> Any:
        return self.connection.execute(text(sql), {"tenant": self.tenant, **values}).scalar()

    def at(self, table: str, place: float, member: str = "id") -> Any:
        """A member of the record at a place between the oldest and the newest."""
        n = int(place * self.one(f"SELECT count(*) - 1 FROM {table} WHERE tenant_id = :tenant"))
        rows = f"SELECT {member} FROM {table} WHERE tenant_id = :tenant"
        return self.one(f"{rows} ORDER BY id LIMIT 1 OFFSET :n", n=n)

    def quantile(self, table: str, member: str, part: float) -> str:
        """A moment or a day of a column as a parameter, at a place among all."""
        place = "percentile_disc(CAST(:part AS float8))"
        rows = f"{place} WITHIN GROUP (ORDER BY {member}) FROM {table} WHERE tenant_id = :tenant"
        return str(self.one(f"SELECT {rows}", part=part).isoformat().replace("+00:00", "Z"))


def border(
    known: Known, rows: str, column: str, *, is_down: bool, nulls_come_last: bool
) -> dict[str, list[Any]]:
    """The keys of the last rows before some pages. `rows` is what a list is selected FROM; it has
    the ids as i.id."""
    direction = "DESC" if is_down else "ASC"
    nulls = "LAST" if nulls_come_last else "FIRST"
    order = f"{column} {direction} NULLS {nulls}, i.id {direction}"
    ordered = f"SELECT {column} AS k, i.id, row_number() OVER (ORDER BY {order}) AS n FROM {rows}"
    many = int(known.one(f"SELECT count(*) FROM {rows}"))
    filled = int(known.one(f"SELECT count({column}) FROM {rows}"))
    ends = filled if nulls_come_last else many - filled
    places = {"middle": many // 2, "last": many - 20}
    places |= {"border": ends - 20} if 20 < ends < many else {}
    sql = f"SELECT n, k, id FROM ({ordered}) AS o WHERE n = ANY (:places)"
    bound = {"tenant": known.tenant, "places": list(places.values())}
    by_place = {row.n: row for row in known.connection.execute(text(sql), bound)}
    return {
        where: [by_place[n].id] if column == "i.id" else [by_place[n].k, by_place[n].id]
        for where, n in places.items()
    }


def cursor(asked: str, keys: list[Any], context: str) -> str:
    """As the page before would have it."""
    from nexus.records.query import Query, parse_query

    return Query(parse_query(asked.encode()), {}, ("sort",)).next_cursor(keys, context)
