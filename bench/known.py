"""What the first of the filled tenants has, as cases name it, and where pages of it begin."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from bench.filling import Filling

HOW_OFTEN = ("frequent", "middle", "rare")
QUANTILES = (0.0001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999)


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

    def values(self, member: str, table: str) -> list[str]:
        """The most frequent value of a member, one in the middle and the rarest."""
        rows = f"FROM {table} WHERE tenant_id = :tenant AND {member} IS NOT NULL"
        ordered = f"SELECT {member}, row_number() OVER (ORDER BY count(*) DESC, 1) AS n {rows}"
        sql = f"""
            WITH counted AS ({ordered} GROUP BY 1)
            SELECT array_agg({member} ORDER BY n) FROM counted
            WHERE n IN (1, (SELECT 1 + max(n) / 2 FROM counted), (SELECT max(n) FROM counted))
        """
        found = [str(value) for value in self.one(sql)]
        return [found[0], found[len(found) // 2], found[-1]]


def ranges(known: Known, table: str, member: str) -> dict[str, str]:
    """Query strings of what is up to a value, from it on, at it and between two."""
    found: dict[str, str] = {}
    for part in QUANTILES:
        at = known.quantile(table, member, part)
        found[f"{member} up to {part:.2%}"] = f"{member}__lte={at}"
        found[f"{member} from {part:.2%}"] = f"{member}__gte={at}"
    found[f"{member} on a day"] = f"{member}={known.quantile(table, member, 0.6)[:10]}"
    ends = known.quantile(table, member, 0.6), known.quantile(table, member, 0.602)
    found[f"{member} between"] = f"{member}__gte={ends[0]}&{member}__lt={ends[1]}"
    found[f"{member} between, -{member}"] = f"{found[f'{member} between']}&sort=-{member}"
    return found


def deep(known: Known, path: str, table: str, member: str, records: str) -> dict[str, str]:
    """Pages in the middle of a range that rises, as it does by itself, and of one that falls, by
    the class of the records."""
    found: dict[str, str] = {}
    rows = f"{table} i WHERE i.tenant_id = :tenant AND i.{member} IS NOT NULL"
    rising = f"{member}__gte={known.quantile(table, member, 0.1)}"
    falling = f"{member}__lte={known.quantile(table, member, 0.9)}&sort=-{member}"
    for told, asked in (("from 10%", rising), ("up to 90%, falling", falling)):
        is_down = asked is falling
        ends = border(known, rows, f"i.{member}", is_down=is_down, nulls_come_last=not is_down)
        begun = cursor(asked, ends["middle"], f"{records} {known.tenant} ")
        found[f"{path} {member} {told}, middle"] = f"{path}?{asked}&cursor={begun}"
    return found


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

    params = parse_query(asked.encode())
    return Query(params, {}, tuple(params)).next_cursor(keys, context)
