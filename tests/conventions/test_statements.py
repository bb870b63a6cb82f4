"""SQL is compiled once for the shape of what is asked: it does not pile up, and what was made for
one caller tells nothing to the next."""

import ast
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.sql.compiler import SQLCompiler

from nexus.db.statements import forget
from tests.support.api import Api
from tests.support.documented import PATHS, collections, parameters, sorts
from tests.support.people import Tenant, World, unique
from tests.support.pinning import PINNING
from tests.support.sample_tenant import SampleTenant, filled, sample_tenant

pytestmark = pytest.mark.usefixtures("unpinned")

type Inside = Callable[[Api], Api]
MANY = 30
RECORDS = sorted(path for path in PATHS if "get" in PATHS[path] and path.endswith("}"))
MOVING = {"last_used_at", "expires_at", "instance"}  # by asking


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is compiled from now on."""
    made: list[str] = []
    begin = SQLCompiler.__init__

    def noted(self: SQLCompiler, dialect: Any, statement: Any, *more: Any, **options: Any) -> None:
        begin(self, dialect, statement, *more, **options)
        made.append(type(statement).__name__)

    monkeypatch.setattr(SQLCompiler, "__init__", noted)
    return made


def changes(admin: Api, number: int) -> None:
    """Each verb once, always in one shape."""
    group = admin.post("/groups", {"name": unique(f"Kept {number}")})
    path = f"/groups/{group['id']}"
    admin.patch(path, {"description": f"the {number}th"})
    admin.act(f"{path}/archive")
    admin.delete(path)
    person = admin.post("/persons", {"external_id": unique(f"E{number}")})
    admin.post(f"/persons/{person['id']}/contacts", {"type": "other", "value": f"desk {number}"})


QUESTIONS: dict[str, Callable[[Api, int], object]] = {
    "search": lambda admin, n: admin.get("/persons", q=f"word{n}"),
    "search of a catalog": lambda admin, n: admin.get("/location-types", q=f"word{n} and{n}"),
    "filter": lambda admin, n: admin.get("/groups", name=f"x{n}", sort="-name", limit=n + 1),
    "range": lambda admin, n: admin.get("/users", email__gt=f"u{n}", created_at__lt=f"20{n + 10}"
                                        "-01-31", count="true"),
    "any of": lambda admin, n: admin.get("/groups", name=[f"a{i}" for i in range(n + 2)]),
    "embedded": lambda admin, n: admin.get("/locations", name=f"x{n}", expand="type,parent"),
    "by id": lambda admin, n: admin.refused(404, "GET", f"/groups/01J00000000000000000000{n:03}"),
    "below": lambda admin, n: admin.refused(
        404, "GET", f"/groups/01J00000000000000000000{n:03}/memberships"
    ),
    "changes": changes,
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_equal_questions_are_compiled_once(
    inside: Inside, tenant: Tenant, compiled: list[str], question: str
) -> None:
    admin = inside(tenant.admin)
    QUESTIONS[question](admin, 0)
    compiled.clear()
    for number in range(1, MANY):
        QUESTIONS[question](admin, number)
    assert compiled == []


def test_equal_pages_are_compiled_once(inside: Inside, tenant: Tenant, compiled: list[str]) -> None:
    admin = inside(tenant.admin)
    for _ in range(5):
        tenant.new_group()
    page = admin.get("/groups", sort="-name", limit=1)
    page = admin.get("/groups", sort="-name", limit=1, cursor=page["next"])
    compiled.clear()
    while page["next"]:
        page = admin.get("/groups", sort="-name", limit=1, cursor=page["next"])
    assert compiled == []


@pytest.fixture(scope="module")
def places(world: World) -> list[SampleTenant]:
    return [sample_tenant(world) for _ in range(2)]


@pytest.fixture(scope="module", autouse=True)
def _anew() -> None:
    forget()


@pytest.mark.parametrize("path", [*collections(), *RECORDS])
def test_what_is_compiled_for_one_caller_tells_another_nothing(
    inside: Inside, places: list[SampleTenant], path: str
) -> None:
    """Each gets, from SQL that others' requests had made, what each gets from SQL of its own."""
    one, other = places
    callers = [
        (inside(caller), filled(path, place))
        for caller, place in ((one.admin, one), (other.member, other), (one.member, one))
    ]
    for query in asked(path):
        alone = []
        for caller, filled_path in callers:
            forget()
            alone.append(answer(caller, filled_path, query))
        # From here on there is the SQL that the last one's request had made, and what others add.
        assert [answer(*asking, query) for asking in callers] == alone


def asked(path: str) -> list[dict[str, str]]:
    """Questions of each kind that a read takes."""
    known, offered = parameters(path), sorts(path)
    queries: list[dict[str, str]] = [{}]
    more = {"archived": "any", "updated_at__gt": "2020-01-01"} if "archived" in known else {}
    queries += [{"sort": f"-{offered[-1]}", "count": "true", **more}] if offered else []
    queries += [{"q": "o"}] if "q" in known else []
    return queries


def answer(caller: Api, path: str, query: dict[str, str]) -> object:
    return still(caller.send("GET", path, params=query).json())


def still(value: Any) -> Any:
    """Without what moves by asking, and cursors, which differ by their tenant alone."""
    if isinstance(value, dict):
        return {name: still(inner) for name, inner in value.items() if name not in MOVING}
    return [still(inner) for inner in value] if isinstance(value, list) else value


def test_no_statement_pins_a_session_of_the_proxy() -> None:
    """It would be one client's for as long as that one is connected."""
    root = Path(__file__).parents[2]
    sources = [*root.glob("layers/nexus/**/*.py"), *root.glob("functions/**/*.py")]
    trees = [ast.parse(path.read_text()) for path in sources if "migrations" not in path.parts]
    assert len(trees) > 100
    texts = [node.value for node in chain(*map(ast.walk, trees)) if isinstance(node, ast.Constant)]
    assert not [text for text in texts if isinstance(text, str) and PINNING.search(text)]
