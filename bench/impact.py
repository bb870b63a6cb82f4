"""Impact in 100,000 items with 300,000 relationships: `python -m bench.impact`."""

import random
from collections.abc import Iterator

from bench.running import Bench, milliseconds, running, told
from tests.support.database import Rows

ITEMS, RELATIONSHIPS, DEPTH = 100_000, 300_000, 6
ALLOWED = 500.0
SEED = 1897
INSERT_ITEMS = """
    INSERT INTO configuration_items (id, tenant_id, name, ci_type)
    SELECT '01J' || lpad(n::text, 23, '0'), :tenant, 'Item ' || n, 'server'
    FROM generate_series(0, :items - 1) AS n
"""
INSERT_RELATIONSHIPS = """
    INSERT INTO relationships (id, tenant_id, source_id, target_id, relationship_type)
    SELECT '01K' || lpad(n::text, 23, '0'), :tenant, '01J' || lpad(source::text, 23, '0'),
           '01J' || lpad(target::text, 23, '0'), 'depends_on'
    FROM unnest(CAST(:sources AS int[]), CAST(:targets AS int[]))
         WITH ORDINALITY AS r (source, target, n)
"""
FUNCTION = "SELECT * FROM nexus.impact(:tenant, :start, :is_upstream, :deepest, 10001)"


def pairs() -> Iterator[tuple[int, int]]:
    """Two in three stand on anything before them, one in three on one of the first: with hubs,
    and with some circles."""
    chance = random.Random(SEED)
    seen: set[tuple[int, int]] = set()
    while len(seen) < RELATIONSHIPS:
        source = chance.randrange(1, ITEMS)
        target = int(source * chance.random()) if chance.random() < 0.66 else popular(chance)
        if chance.random() < 0.01:
            source, target = target, source
        if source != target and (source, target) not in seen:
            seen.add((source, target))
            yield source, target


def popular(chance: random.Random) -> int:
    return int(ITEMS * chance.random() ** 6)


def build(bench: Bench) -> None:
    sources, targets = zip(*pairs(), strict=True)
    tenant = bench.tenant.id
    bench.sql.run("SET session_replication_role = replica")  # without triggers: no events
    bench.sql.run(INSERT_ITEMS, tenant=tenant, items=ITEMS)
    bench.sql.run(INSERT_RELATIONSHIPS, tenant=tenant, sources=list(sources), targets=list(targets))
    for table in ("configuration_items", "relationships"):
        bench.sql.run(f"VACUUM ANALYZE {table}")


def starts(bench: Bench) -> dict[str, str]:
    """An item of few, of some and of most relationships."""
    ranked = bench.sql.column("SELECT target_id FROM relationships GROUP BY 1 ORDER BY count(*), 1")
    return {"the least": ranked[0], "the median": ranked[len(ranked) // 2], "the most": ranked[-1]}


def within(bench: Bench, statement: str, **asked: object) -> Rows:
    with bench.app.undone():
        bench.enter()
        return bench.app.run(statement, tenant=bench.tenant.id, deepest=DEPTH, **asked)


def measure(bench: Bench, start: str, direction: str) -> float:
    """Over HTTP, which is what counts; then what takes it."""
    asked = {"depth": DEPTH, "direction": direction}
    path = f"/configuration-items/{start}/impact"
    found = bench.tenant.admin.get(path, **asked)
    capped = ", capped" if found["truncated"] else ""
    whole = milliseconds(lambda: bench.tenant.admin.get(path, **asked))
    told(f"  {direction}: {len(found['items']):,} items{capped}", whole)
    is_upstream = direction == "upstream"
    alone = milliseconds(lambda: within(bench, FUNCTION, start=start, is_upstream=is_upstream))
    told("    the function alone", alone)
    return whole


def main() -> None:
    with running() as bench:
        build(bench)
        slowest = 0.0
        for name, start in starts(bench).items():
            print(f"From an item with {name} items on it, {DEPTH} steps")
            for direction in ("downstream", "upstream"):
                slowest = max(slowest, measure(bench, start, direction))
        told(f"The slowest, of {ALLOWED:.0f} ms allowed", slowest / ALLOWED, "times")


if __name__ == "__main__":
    main()
