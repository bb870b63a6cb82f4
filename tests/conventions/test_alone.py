"""A module alone, as a function has it: what its import may cost (no heavy library, no setting, no
connection, no key), and that it knows its tables' constraints whatever else is loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from nexus.problems import Conflict
from system.memberships.service import AlreadyMember
from tests.support.stack import PYTHON_PATH

FUNCTIONS = Path(__file__).parents[2] / "functions"
APPS = sorted(path.parent.name for path in FUNCTIONS.glob("*/app.py"))
MODULES = sorted(path.parent.name for path in FUNCTIONS.glob("*/routes.py"))
HEAVY = {
    "boto3",
    "botocore.session",
    "argon2",
    "zxcvbn_rs_py",
    "phonenumbers",
    "aws_xray_sdk",
    "alembic",
    "requests",
    "asyncpg",
    "psycopg",
}
# A key that an import makes a snapshot would repeat in every environment restored from it; what
# only the document needs, made for each route, was a third of an import. The libraries that all
# have are imported once, and forked for each line of modules.
IMPORTED = """
import json, os, secrets, socket, sys, traceback
assert not [name for name in os.environ if name.startswith("NEXUS")]
def refuse_to(do):
    def refused(*_, **__): raise AssertionError(f"{do} at import")
    return refused
socket.socket.connect = refuse_to("connected")
secrets.token_urlsafe = secrets.token_bytes = secrets.token_hex = refuse_to("made a key")
import ulid
ulid.ULID.__init__ = refuse_to("made an id")
import fastapi, mangum, pydantic, sqlalchemy.dialects.postgresql
pydantic.TypeAdapter.json_schema = refuse_to("made a schema")
def look(modules):
    pydantic.create_model = fastapi.routing.create_model_field = refuse_to("made a model")
    for module in modules:
        app = __import__(f"{module}.app", fromlist=["handler"])
        assert callable(app.handler)
    assert "infra" not in sys.modules
    from nexus.problems import BY_CONSTRAINT
    meanings = {name: kind.__name__ for name, kind in BY_CONSTRAINT.items()}
    print(json.dumps(["", list(sys.modules), meanings]))
for line in sys.stdin:
    if not os.fork():
        try:
            look(line.split())
        except BaseException:
            print(json.dumps([traceback.format_exc(), [], {}]))
        sys.stdout.flush()
        os._exit(0)
    os.wait()
"""


class Imported(NamedTuple):
    """What there is after an import, or why there was none."""

    error: str
    loaded: list[str]
    meanings: dict[str, str]  # of constraints


@pytest.fixture(scope="module")
def imported() -> dict[str, Imported]:
    """Each app alone, and with the name "" all modules together."""
    lines = {**{app: app for app in APPS}, "": " ".join(MODULES)}
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED],
        env={"PYTHONPATH": PYTHON_PATH, "PATH": "/usr/bin:/bin"},
        input="\n".join(lines.values()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = map(json.loads, done.stdout.splitlines())
    return {name: Imported(*one) for name, one in zip(lines, told, strict=True)}


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_imported_without_settings_and_without_what_it_may_never_need(
    imported: dict[str, Imported], app: str
) -> None:
    needed = {"alembic"} if app == "migrations" else set()
    assert imported[app].error == ""
    assert set(imported[app].loaded) & (HEAVY - needed) == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_alone_knows_the_constraints_of_its_tables(
    imported: dict[str, Imported], module: str
) -> None:
    everything, alone = imported[""].meanings, imported[module].meanings
    source = (FUNCTIONS / module / "tables.py").read_text()
    own = {name for name in everything if any(f'"{t}"' in source for t in _tables(name))}
    assert own
    assert {name: alone.get(name) for name in own} == {name: everything[name] for name in own}


def test_a_constraint_has_one_meaning() -> None:
    members = {"constraints": AlreadyMember.constraints}
    with pytest.raises(TypeError, match="uq_memberships_user_id is AlreadyMember already"):
        type("Twice", (Conflict,), members)


def _tables(constraint: str) -> list[str]:
    """The tables that a constraint's name can begin with: `ck_configuration_items_size`."""
    words = constraint.split("_")[1:]
    return ["_".join(words[:end]) for end in range(1, len(words))]
