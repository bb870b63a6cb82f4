"""What a constraint means does not hang on what else is loaded: in Lambda a module is alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nexus.problems import Conflict
from system.memberships.service import AlreadyMember
from tests.support.stack import PYTHON_PATH

FUNCTIONS = Path(__file__).parents[2] / "functions"
MODULES = sorted(path.parent.name for path in FUNCTIONS.glob("*/routes.py"))
LOAD = """
import json
import {imports}
from nexus.problems import BY_CONSTRAINT
print(json.dumps({{name: kind.__name__ for name, kind in BY_CONSTRAINT.items()}}))
"""


def meanings(*modules: str) -> dict[str, str]:
    code = LOAD.format(imports=", ".join(f"{module}.app" for module in modules))
    environment = {"PYTHONPATH": PYTHON_PATH, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def everything() -> dict[str, str]:
    return meanings(*MODULES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_alone_knows_the_constraints_of_its_tables(
    module: str, everything: dict[str, str]
) -> None:
    source = (FUNCTIONS / module / "tables.py").read_text()
    own = {name for name in everything if any(f'"{t}"' in source for t in _tables(name))}
    alone = meanings(module)
    assert {name: alone.get(name) for name in own} == {name: everything[name] for name in own}


def test_a_constraint_has_one_meaning() -> None:
    members = {"constraints": AlreadyMember.constraints}
    with pytest.raises(TypeError, match="uq_memberships_user_id is AlreadyMember already"):
        type("Twice", (Conflict,), members)


def _tables(constraint: str) -> list[str]:
    """The tables that a constraint's name can begin with: `ck_configuration_items_size`."""
    words = constraint.split("_")[1:]
    return ["_".join(words[:end]) for end in range(1, len(words))]
