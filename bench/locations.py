"""A tree of 20,000 locations, read, moved and renamed: `python -m bench.locations`."""

from itertools import cycle

from bench.running import Bench, milliseconds, running, told
from tests.support.api import Json

SITES, BUILDINGS, ROOMS = 20, 10, 99  # below one root: 1 + 20 + 200 + 19,800
INSERT = """
    INSERT INTO locations (id, tenant_id, parent_id, name, type_id)
    SELECT nexus.ulid(), p.tenant_id, p.id, :word || ' ' || n, p.type_id
    FROM locations p, generate_series(1, :each) AS n
    WHERE p.tenant_id = :tenant AND p.depth = :depth
"""


def build(bench: Bench) -> tuple[Json, Json]:
    """Two roots, the first with everything below it."""
    admin = bench.tenant.admin
    (site,) = admin.items("/location-types", name="Site")
    root, other = (
        admin.post("/locations", {"name": name, "type_id": site["id"]})
        for name in ("District", "Elsewhere")
    )
    bench.sql.run("ALTER TABLE locations DISABLE TRIGGER audit")
    for depth, (word, each) in enumerate(
        (("Site", SITES), ("Building", BUILDINGS), ("Room", ROOMS))
    ):
        bench.sql.run(
            INSERT + " AND p.path[1] = 'District'",
            tenant=bench.tenant.id, word=word, each=each, depth=depth,
        )  # fmt: skip
        bench.sql.run("VACUUM ANALYZE locations")  # else plans stay those for an empty table
    bench.sql.run("ALTER TABLE locations ENABLE TRIGGER audit")
    return root, other


def size(node: Json) -> int:
    return 1 + sum(size(child) for child in node["children"])


def main() -> None:
    with running() as bench:
        admin = bench.tenant.admin
        root, other = build(bench)
        at = f"/locations/{root['id']}"
        tree = admin.get(f"{at}/tree")
        site = tree["children"][0]
        building = site["children"][0]
        room = building["children"][0]
        read = milliseconds(lambda: admin.get(f"/locations/{room['id']}"), 50)
        told("A location by id", read)
        told("A page of 200 with paths", milliseconds(lambda: admin.items("/locations", limit=200)))
        told(f"The tree of {size(tree):,}", milliseconds(lambda: admin.get(f"{at}/tree")))
        short = milliseconds(lambda: admin.get(f"{at}/tree", fields="id,name"))
        told("  with ?fields=id,name", short)
        answer = admin.expect(200, "GET", f"{at}/tree").content
        told("  its size", len(answer) / 2**20, "MiB")
        parents = cycle([other["id"], None])
        names = cycle(["Renamed", "District"])
        sites = cycle([other["id"], root["id"]])
        for what, place, change in (
            (f"A building with {size(building) - 1} below it moves", building,
             lambda: {"parent_id": next(sites)}),
            (f"A site with {size(site) - 1:,} below it moves", site,
             lambda: {"parent_id": next(sites)}),
            (f"The root with {size(tree) - 1:,} below it moves", root,
             lambda: {"parent_id": next(parents)}),
            ("  is renamed", root, lambda: {"name": next(names)}),
            ("A room is renamed", room, lambda: {"name": next(names)}),
        ):  # fmt: skip
            path = f"/locations/{place['id']}"
            told(what, milliseconds(lambda: admin.patch(path, change()), 3))  # noqa: B023


if __name__ == "__main__":
    main()
