"""What an import of an app may cost: no heavy library, no setting, no connection, no key."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stack import PYTHON_PATH

FUNCTIONS = Path(__file__).parents[2] / "functions"
APPS = sorted(f"{path.parent.name}.app" for path in FUNCTIONS.glob("*/app.py"))
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
LOOK = """
import os, socket, sys
assert not [name for name in os.environ if name.startswith("NEXUS")]
def refuse(*_, **__): raise AssertionError("connected at import")
socket.socket.connect = refuse
import {app}
assert callable({app}.handler)
print(*sorted(set({heavy}) & set(sys.modules)))
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": PYTHON_PATH, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_imported_without_settings_and_without_what_it_may_never_need(app: str) -> None:
    needed = {"alembic"} if app.startswith("migrations") else set()
    assert run(LOOK.format(app=app, heavy=sorted(HEAVY - needed))) == ""


def test_no_key_is_made_at_import() -> None:
    """A snapshot would repeat it in every environment restored from it."""
    code = (
        "import os, random, secrets, time, ulid\n"
        "def refuse(*_, **__): raise AssertionError('made at import')\n"
        "ulid.ULID.__init__ = refuse\n"
        "secrets.token_urlsafe = secrets.token_bytes = secrets.token_hex = refuse\n"
        "import system.app, census.app, configurations.app, locations.app, projects.app, assets.app"
        ", education.app"
    )
    run(code)


def test_what_only_the_document_needs_is_not_made_at_import() -> None:
    """Made for each route, it was a third of an import."""
    code = (
        "import pydantic\n"
        "from nexus.http import openapi\n"
        "def refuse(*_, **__): raise AssertionError('made at import')\n"
        "pydantic.TypeAdapter.json_schema = openapi.create_model = refuse\n"
        "openapi.create_model_field = openapi.list_parameters = openapi._responses = refuse\n"
        "import system.app, census.app, configurations.app, locations.app, projects.app, assets.app"
        ", education.app"
    )
    run(code)
