"""What a list offers, an index serves: no table is read from end to end, none is sorted whole."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nexus.access.scope import Rows, Scope
from nexus.db.statements import Sql, Values
from nexus.records.schemas import is_ulid
from tests.support.api import Api
from tests.support.database import Session
from tests.support.documented import collections, filters, parameters, sorts
from tests.support.sample_tenant import SampleTenant

type Inside = Callable[[Api], Api]
type Node = dict[str, Any]
# The planner takes what they forbid only where there is no other way.
FORBIDDEN = ("seqscan", "sort", "incremental_sort", "bitmapscan")
CATALOGS = [path for path in collections() if "scope" in parameters(path)]
OF_NO_TENANT = {"/tenants", "/me/tenants", "/me/sessions", "/me/invitations"}
IN_ID = {"id", "created_at", "occurred_at", "opened_at"}


MANY = """
    WITH many AS (
        INSERT INTO persons (id, tenant_id) SELECT nexus.ulid(), :tenant FROM generate_series(1, 4)
        RETURNING id, tenant_id
    )
    INSERT INTO contacts (id, tenant_id, person_id, type, value, sort_order)
    SELECT nexus.ulid(), many.tenant_id, many.id, 'other', 'desk', place
    FROM many CROSS JOIN generate_series(0, 99) AS place
"""


@pytest.fixture(scope="module", autouse=True)
def plenty(superuser: Session, place: SampleTenant) -> None:
    """Among few contacts the planner does not mind by which index it finds a person's."""
    superuser.run(MANY, tenant=place.id)
    superuser.run("ANALYZE contacts")


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Node]:
    """How the database answers each list from now on."""
    seen: list[Node] = []
    run_all = Scope.run_all

    def explained(self: Scope, *statements: tuple[Sql, Values]) -> list[Rows]:
        self.require_authenticated()
        for sql, values in statements:
            if "LIMIT" in sql.text:
                settings = [f"SET LOCAL enable_{name} = off" for name in FORBIDDEN]
                texts: list[tuple[str, list[Any]]] = [(text, []) for text in settings]
                texts.append((f"EXPLAIN (FORMAT JSON) {sql.text}", sql.arguments(values)))
                sent = [self.driver.statement(text, arguments) for text, arguments in texts]
                self.driver.run(sent)
                seen.append(as_json((sent[-1].rows or [])[0][0])[0]["Plan"])
        return run_all(self, *statements)

    monkeypatch.setattr(Scope, "run_all", explained)
    return seen


def as_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def is_bounded(plan: Node) -> bool:
    """Whether each scan below stops at a limit."""
    if plan["Node Type"] == "Limit":
        return True
    return bool(plan.get("Plans")) and all(is_bounded(child) for child in plan["Plans"])


def check(path: str, plan: Node) -> None:
    """A tenant's catalog, with what all share, is small, as is what lies below one record."""
    assert all(node["Node Type"] != "Seq Scan" for node in nodes(plan)), as_text(plan)
    if is_small(path, plan):
        return
    sorts = [node for node in nodes(plan) if "Sort" in node["Node Type"]]
    assert all(is_bounded(node["Plans"][0]) for node in sorts), as_text(plan)
    # Among few records the planner may as well walk a range of all ids.
    is_bounded_by = re.search(r"(tenant|reader)_id = |\(id [<>]", conditions(plan))
    assert path in OF_NO_TENANT or is_bounded_by, as_text(plan)


def is_small(path: str, plan: Node) -> bool:
    above = [part for part in path.split("/") if is_ulid(part)]
    return path in CATALOGS or any(id_ in conditions(plan) for id_ in above)


def conditions(plan: Node) -> str:
    return " ".join(node.get("Index Cond", "") for node in nodes(plan))


def as_text(plan: Node) -> str:
    return json.dumps(plan, indent=1)


@pytest.fixture
def template(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["path"])


@pytest.mark.parametrize("path", collections(), indirect=True)
def test_each_sort_is_an_index(
    inside: Inside, place: SampleTenant, template: str, plans: list[Node], path: str
) -> None:
    admin = inside(place.admin)
    admin.get(path)  # an attachment's store is asked once
    for name in sorts(template):
        plans.clear()
        for sort in (name, f"-{name}"):
            page = admin.get(path, sort=sort, limit=1)
            admin.get(path, sort=sort, limit=1, cursor=page["next"])
        assert len(plans) == 4
        for plan in plans:
            check(path, plan)
        for plan in plans[1::2]:  # behind a cursor an index is walked from where the page ended
            assert is_small(path, plan) or is_indexed(name, plan), as_text(plan)


@pytest.mark.parametrize("path", collections(), indirect=True)
def test_each_range_is_one_of_an_index(
    inside: Inside, place: SampleTenant, template: str, plans: list[Node], path: str
) -> None:
    admin = inside(place.admin)
    for name in (one.name for one in filters(template) if "gte" in one.operators):
        held = [item[name] for item in admin.items(path) if item[name] is not None]
        # Below the least there is too little for an index to matter.
        value = max(held, default="2027-01-31" if name.endswith("_at") else "x")
        plans.clear()
        for operator in ("gte", "lt"):
            admin.get(path, **{f"{name}__{operator}": value, "sort": name})
        for plan in plans:
            check(path, plan)
            assert is_small(path, plan) or is_indexed(name, plan), as_text(plan)


def is_indexed(name: str, plan: Node) -> bool:
    """Whether an index is entered by the member; times that do not change are in the id."""
    columns = ("id", "user_id") if name in IN_ID else (name, f"{name}_sort")
    entered = conditions(plan)
    return any(re.search(rf"(?<!\w){column}(,| [<>]| IS)", entered) for column in columns)
