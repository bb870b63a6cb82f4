"""Clients that generators make of the served document, each in a session of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.people import Tenant, World
from tests.support.stack import REPOSITORY

SESSIONS = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent
NODE_PROGRAMS = REPOSITORY / "node_modules" / ".bin"
STEPS = [
    "opened, one of them once for two requests",
    "paged",
    "filtered by operators",
    "filtered by a custom field",
    "read some fields",
    "read what is embedded",
    "304",
    "412 of what had changed",
    "409 of a step that is not open",
    "422 of a member",
]


@pytest.fixture(scope="module")
def document(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_text(json.dumps(world.stranger().get("/openapi.json")))
    return path


def run(folder: Path, program: Sequence[str | Path], **variables: str) -> str:
    """What it says. It finds the tests' Node.js and Java, and no code but the folder's."""
    path = os.pathsep.join((str(PROGRAMS), os.environ["PATH"]))
    env = {**os.environ, "PYTHONPATH": str(folder), "PATH": path, **variables}
    done = subprocess.run(program, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def session(tenant: Tenant, folder: Path, *program: str | Path) -> list[str]:
    """What it has come through."""
    person = tenant.member
    said = run(
        folder,
        program,
        API=str(person.http.base_url),
        USERNAME=person.user["username"],
        PASSWORD=person.password,
        TENANT=tenant.id,
    )
    return said.splitlines()


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """With the session of the generator that the test is named by."""
    name = request.node.name.removeprefix("test_").replace("_", "-")
    for script in (SESSIONS / name).iterdir():
        (tmp_path / script.name).write_text(script.read_text())
    return tmp_path


def test_openapi_python_client(document: Path, folder: Path, world: World) -> None:
    (folder / "settings.yaml").write_text("post_hooks: []\n")
    options = ["--meta", "none", "--output-path", "nexus_client", "--config", "settings.yaml"]
    options.append("--fail-on-warning")  # it warns of what it leaves out
    run(folder, [PROGRAMS / "openapi-python-client", "generate", "--path", document, *options])
    run(
        folder,
        [
            PROGRAMS / "mypy",
            "--cache-dir",
            os.devnull,
            "--strict",
            "--package",
            "nexus_client",
            "--module",
            "session",
        ],
    )
    assert session(world.new_tenant(), folder, sys.executable, "session.py") == STEPS


def test_openapi_typescript(document: Path, folder: Path, world: World) -> None:
    (folder / "node_modules").symlink_to(REPOSITORY / "node_modules")
    run(folder, [NODE_PROGRAMS / "openapi-typescript", document, "--output", "nexus.ts"])
    run(folder, [NODE_PROGRAMS / "tsc"])
    assert session(world.new_tenant(), folder, PROGRAMS / "node", "session.ts") == STEPS


def test_openapi_generator(document: Path, folder: Path, world: World) -> None:
    """The client for Python, whose models refuse what the document does not say."""
    left_out = ("apiTests", "modelTests", "apiDocs", "modelDocs")
    parts = ",".join(["apis", "models", "supportingFiles", *(f"{kind}=false" for kind in left_out)])
    options: list[str | Path] = [
        *("--generator-name", "python", "--input-spec", document, "--output", "."),
        *("--package-name", "nexus_client", "--additional-properties", "lazyImports=true"),
        *("--global-property", parts),
    ]
    soon = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}  # it ends before it is made fast
    run(folder, [PROGRAMS / "openapi-generator-cli", "generate", *options], **soon)
    assert session(world.new_tenant(), folder, sys.executable, "session.py") == STEPS
