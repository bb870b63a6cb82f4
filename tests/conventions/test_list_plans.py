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
from tests.support.documented import collections, filters, first_alike, parameters, sorts
from tests.support.issues import new_field, new_issue
from tests.support.sample_tenant import SampleTenant

type Inside = Callable[[Api], Api]
type Node = dict[str, Any]
# The planner takes what they forbid only where there is no other way.
FORBIDDEN = ("seqscan", "sort", "incremental_sort", "bitmapscan")
CATALOGS = [path for path in collections() if "scope" in parameters(path)]
OF_NO_TENANT = {"/tenants", "/me/tenants", "/me/sessions", "/me/invitations"}
IN_ID = {"id", "created_at", "occurred_at", "opened_at", "reported_at"}
CALLED = {"resolved_at": "closed_at"}  # of a repair, as its issue has it


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
    # Among few records, or where nearly all are of one tenant, the planner may walk all ids too.
    is_bounded_by = re.search(r"(tenant|reader)_id = |\(id [<>]", conditions(plan))
    walks_ids = any(node.get("Index Name", "").startswith("pk_") for node in nodes(plan))
    assert path in OF_NO_TENANT or is_bounded_by or walks_ids, as_text(plan)


def is_small(path: str, plan: Node) -> bool:
    above = [part for part in path.split("/") if is_ulid(part)]
    told = conditions(plan) + " ".join(node.get("Filter", "") for node in nodes(plan))
    return path in CATALOGS or any(id_ in told for id_ in above)


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
    for name in sorts(template) if template in first_alike() else ("id",):
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
    for one in filters(template) if template in first_alike() else ():
        if "gte" not in one.operators:
            continue
        name = one.name
        held = [item[name] for item in admin.items(path) if item[name] is not None]
        # Below the least there is too little for an index to matter.
        value = max(held, default=one.example)
        plans.clear()
        for operator in ("gte", "lt"):
            admin.get(path, **{f"{name}__{operator}": value, "sort": name})
        for plan in plans:
            check(path, plan)
            assert is_small(path, plan) or is_indexed(name, plan), as_text(plan)


@pytest.mark.parametrize(
    "query",
    [
        {"updated_at__gte": "2000-01-01", "sort": "updated_at"},
        {"updated_at__lte": "2999-01-01", "sort": "-updated_at"},
        {"title__gt": "", "sort": "title"},
        {"title__lte": "zz", "sort": "-title,-id"},
    ],
    ids=str,
)
def test_a_page_of_a_range_begins_at_its_cursor(
    inside: Inside, place: SampleTenant, plans: list[Node], query: dict[str, str]
) -> None:
    """By where the range begins an index would be entered as well, and be walked from there."""
    admin = inside(place.admin)
    page = admin.get("/issues", **query, limit=1)
    admin.get("/issues", **query, limit=1, cursor=page["next"])
    name = next(iter(query)).partition("__")[0]
    first, behind = (
        re.findall(rf"\(({name}\w*), id\) [<>]|\({name}\w* [<>]", conditions(plan))
        for plan in plans
    )
    assert len(first) == 1
    assert len(behind) == 1, as_text(plans[1])


def is_indexed(name: str, plan: Node) -> bool:
    """Whether an index is entered by the member; times that do not change are in the id."""
    columns = [
        CALLED.get(name, name),
        f"{name}_sort",
        *(("id", "user_id") if name in IN_ID else ()),
    ]
    entered = conditions(plan)
    return any(re.search(rf"(?<!\w){column}(,| [<>]| IS)", entered) for column in columns)


# By the type of a custom field: a value, another, and the column that holds it.
VALUES: dict[str, tuple[Any, Any, str, str]] = {
    "text": ("Lamp", "Wire", "text_value", "value_sort"),
    "url": ("https://a.example", "https://b.example", "text_value", "value_sort"),
    "number": (1, 2.5, "number_value", "number_value"),
    "boolean": (False, True, "text_value", "text_value"),
    "date": ("2027-01-31", "2027-02-01", "date_value", "date_value"),
    "datetime": ("2027-01-31T00:00:00Z", "2027-02-01T00:00:00Z", "moment_value", "moment_value"),
    "choice": ("Low", "High", "text_value", "value_sort"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_custom_fields_are_found_and_sorted_through_indexes(
    inside: Inside, place: SampleTenant, plans: list[Node], kind: str
) -> None:
    """They are no members that the document tells."""
    admin, (one, other, held_in, sorted_in) = inside(place.admin), VALUES[kind]
    key = new_field(admin, kind)["key"]
    for value in (one, other, one, None):
        new_issue(admin, fields={} if value is None else {key: value})
    name, said = f"cf_{key}", str(one).lower() if isinstance(one, bool) else one
    asked = {f"{name}": held_in, f"{name}__in": held_in}
    if kind not in ("boolean", "choice"):
        asked |= {f"{name}__gte": sorted_in, f"{name}__lt": sorted_in}
    for parameter, column in asked.items():
        plans.clear()
        admin.get("/issues", **{parameter: said})
        check_values(plans[-1], column)
    for sort in (name, f"-{name}"):
        plans.clear()
        page = admin.get("/issues", sort=sort, limit=1)
        admin.get("/issues", sort=sort, limit=1, cursor=page["next"])
        assert len(plans) == 2
        for plan in plans:
            check_values(plan, sorted_in)
            check_lacking(plan)
    plans.clear()
    for sort in ("id", "-id"):
        page = admin.get("/issues", **{f"{name}__isnull": "true"}, sort=sort, limit=1)
        admin.get("/issues", **{f"{name}__isnull": "true"}, sort=sort, cursor=page["next"])
    assert len(plans) == 4
    for plan in plans:
        check_lacking(plan)


def check_values(plan: Node, column: str) -> None:
    """One field's values are a range of the index that has the column in order."""
    assert all(node["Node Type"] != "Seq Scan" for node in nodes(plan)), as_text(plan)
    entered = {node.get("Index Name"): node.get("Index Cond", "") for node in nodes(plan)}
    by_column = [entered.get(f"{kind}_issue_values_{column}", "") for kind in ("ix", "uq")]
    assert any("field_id = " in condition for condition in by_column), as_text(plan)


def check_lacking(plan: Node) -> None:
    """Those that have values of the same fields are a range of an index, in the order of the ids;
    of each such set one is found behind the last."""
    assert all(node["Node Type"] != "Seq Scan" for node in nodes(plan)), as_text(plan)
    index = "ix_issues_field_set"
    entered = [node["Index Cond"] for node in nodes(plan) if node.get("Index Name") == index]
    assert len(entered) == 3, as_text(plan)
    assert sum("field_set(" in condition for condition in entered) == 2, as_text(plan)
