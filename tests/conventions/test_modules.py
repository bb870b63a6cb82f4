"""A module imports the kernel, itself, and other modules' `reads` and `commands`; it writes its own
tables."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, FromClause

FUNCTIONS = Path(__file__).parents[2] / "functions"
KERNEL = Path(__file__).parents[2] / "layers" / "nexus" / "nexus"
MODULES = sorted(path.parent.name for path in FUNCTIONS.glob("*/app.py"))
API_MODULES = sorted(path.parent.name for path in FUNCTIONS.glob("*/routes.py"))
NAMES = sorted(path.name for path in FUNCTIONS.iterdir() if path.is_dir())
DOORS = ("reads", "commands")
WRITES = re.compile(r"(?i)\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE)\s+(?:ONLY\s+)?(\w+)")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def foreign(source: str, module: str) -> list[str]:
    """What a file of `module` imports of other modules and may not."""
    found = []
    for name in imported(ast.parse(source)):
        package, _, rest = name.partition(".")
        if package in NAMES and package != module and rest.split(".")[0] not in DOORS:
            found.append(name)
    return found


def files(module: str) -> list[Path]:
    return sorted((FUNCTIONS / module).rglob("*.py"))


@pytest.mark.parametrize("module", API_MODULES)
def test_a_module_imports_nothing_of_others_but_reads_and_commands(module: str) -> None:
    broken = {str(path): foreign(path.read_text(), module) for path in files(module)}
    assert not {path: names for path, names in broken.items() if names}


def test_the_kernel_imports_no_module() -> None:
    broken = {str(path): foreign(path.read_text(), "") for path in KERNEL.rglob("*.py")}
    assert not {path: names for path, names in broken.items() if names}


# Each imports those before it only; what has no package of its own, everybody may.
ORDER = ("pg", "db", "access", "records", "http", "aws", "app")


def test_the_kernels_packages_import_only_those_above_them() -> None:
    broken = {}
    for path in KERNEL.rglob("*.py"):
        own = path.relative_to(KERNEL).parts[0].removesuffix(".py")
        above = ORDER[: ORDER.index(own) + 1] if own in ORDER else ()
        names = [name.split(".") for name in imported(ast.parse(path.read_text()))]
        kernel = {name[1] for name in names if name[0] == "nexus" and len(name) > 1}
        broken[str(path)] = (kernel & set(ORDER)) - set(above)
    assert not {path: names for path, names in broken.items() if names}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from system import reads", []),
        ("from system.reads import user_named", []),
        ("import system.reads", []),
        ("from system.commands import select_project", []),
        ("import nexus.records.crud", []),
        ("from locations.tables import locations", []),
        ("from system.tables import users", ["system.tables.users"]),
        ("import system", ["system"]),
        ("from system import groups", ["system.groups"]),
        ("def late() -> None:\n    from system.groups import x", ["system.groups.x"]),
    ],
)
def test_the_rule_sees_what_it_forbids(source: str, expected: list[str]) -> None:
    assert foreign(source, "locations") == expected


def let_out(source: str, module: str) -> list[str]:
    """The tables, and columns of them, that a file of `module` takes from others' doors: by their
    names, and as the table of a Reference."""
    tree = ast.parse(source)
    names = [name.split(".") for name in imported(tree)]
    taken = [name for name in names if name[0] in NAMES and name[0] != module and len(name) == 3]
    found = [".".join(name) for name in taken if is_table(name)]
    references = {name[2] for name in taken}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, attribute = node.value.id, node.attr
            door = [name for name in names if len(name) == 2 and name[1] == owner in DOORS]
            found += [f"{owner}.{attribute}" for name in door if is_table([*name, attribute])]
            found += [f"{owner}.table"] if owner in references and attribute == "table" else []
    return found


def is_table(name: list[str]) -> bool:
    owner = importlib.import_module(".".join(name[:-1]))
    return isinstance(getattr(owner, name[-1], None), FromClause | ColumnElement)


@pytest.mark.parametrize("module", API_MODULES)
def test_a_table_does_not_leave_through_a_door(module: str) -> None:
    broken = {str(path): let_out(path.read_text(), module) for path in files(module)}
    assert not {path: names for path, names in broken.items() if names}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from system.reads import USER", []),
        ("from system.reads import users", ["system.reads.users"]),
        ("from system import reads\nreads.users.insert()", ["reads.users"]),
        ("from system import reads\nreads.USER.load(scope, [])", []),
        ("from system.reads import USER\nUSER.table.insert()", ["USER.table"]),
        ("from locations.reads import locations", []),
    ],
)
def test_the_rule_sees_a_table_that_leaves(source: str, expected: list[str]) -> None:
    assert let_out(source, "locations") == expected


def own_tables(module: str) -> set[str]:
    source = FUNCTIONS / module / "tables.py"
    calls = (node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call))
    return {
        first.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id.lower().endswith("table")
        for first in call.args[:1]
        if isinstance(first, ast.Constant) and isinstance(first.value, str)
    }


def test_each_table_has_one_module() -> None:
    seen: set[str] = set()
    for module in API_MODULES:
        tables = own_tables(module)
        assert tables, module
        assert not seen & tables, module
        seen |= tables


@pytest.mark.parametrize("module", API_MODULES)
def test_a_module_writes_no_table_of_others_in_words_either(module: str) -> None:
    """Tables of others cannot be imported; this is for SQL in strings."""
    for path in files(module):
        tree = ast.parse(path.read_text())
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        written = {name for text in texts if isinstance(text, str) for name in WRITES.findall(text)}
        known = set().union(*(own_tables(other) for other in API_MODULES))
        assert not (written & known) - own_tables(module), path


@pytest.mark.parametrize("module", API_MODULES)
def test_reads_only_read(module: str) -> None:
    source = FUNCTIONS / module / "reads.py"
    if not source.exists():
        return
    tree = ast.parse(source.read_text())
    called = {
        n.func.attr
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
    }
    assert not called & {"insert", "update", "delete", "with_for_update"}
    assert not WRITES.search(source.read_text())


@pytest.mark.parametrize("module", API_MODULES)
def test_a_lambda_entry_stays_small(module: str) -> None:
    source = (FUNCTIONS / module / "app.py").read_text()
    assert len(source.splitlines()) < 20
    assert "handler = lambda_handler(app)" in source
