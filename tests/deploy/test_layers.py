"""What `sam build` makes: everything compiled, for no path of a build machine, and not too much."""

import importlib.util
import json
import marshal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from infra.modules import MODULES

FOLDERS = {
    "SystemFunction": "/var/task/",
    "NexusLayer": "/opt/python/",
    "DependenciesLayer": "/opt/python/",
}
UNCHECKED_HASH = 0b01  # PEP 552: the source is never looked at, whatever its time
# What is only loaded when it is needed has to be there too.
LOOK = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(f"{name}.app")
from census.persons.contact_values import stored_value
from nexus.access.passwords import hash_password, is_password, weakness
from system.locales import check_region, check_time_zone
assert stored_value("phone", "+1 (650) 253-0000") == "+16502530000"
assert stored_value("phone", "030 901820", "DE") == "+4930901820"
assert stored_value("email", "Zoë@Bücher.example") == "zoë@bücher.example"
assert is_password(hash_password("a long password"), "a long password")
assert weakness("password1234", "zoe.ito", "zoe.ito@school.example")
assert check_time_zone("Europe/Berlin") + check_region("DE")
files = [getattr(module, "__cached__", None) for module in list(sys.modules.values())]
print(json.dumps([file for file in files if file]))
"""
LARGEST_DEPENDENCIES = 60_000_000


@pytest.fixture(scope="module")
def built(release: Path) -> Path:
    return release.parent


def compiled(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def modules(folder: Path) -> Iterator[Path]:
    # Templates and the like end in .py, and are never imported.
    return (path for path in folder.rglob("*.py") if path.parent.name != "__pycache__")


def contents_of(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", FOLDERS)
def test_every_module_ships_compiled_and_is_never_checked(built: Path, name: str) -> None:
    sources = list(modules(built / name))
    assert sources
    for source in sources:
        header = compiled(source).read_bytes()[:8]
        assert header[:4] == importlib.util.MAGIC_NUMBER, source
        assert int.from_bytes(header[4:], "little") == UNCHECKED_HASH, source


@pytest.mark.parametrize(("name", "place"), FOLDERS.items())
def test_a_traceback_names_the_place_in_lambda(built: Path, name: str, place: str) -> None:
    source = next(path for path in modules(built / name) if path.stat().st_size)
    code: CodeType = marshal.loads(compiled(source).read_bytes()[16:])  # noqa: S302 - our own
    assert code.co_filename.startswith(place)


def test_all_functions_ship_the_same_files(built: Path) -> None:
    """So that they are uploaded once."""
    folders = sorted(built.glob("*Function"))
    contents = [
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in folders
    ]
    assert {folder.name for folder in folders} == {
        f"{name.capitalize()}Function" for name in (*MODULES, "housekeeping", "migrations")
    }
    assert all(content == contents[0] for content in contents)


def test_functions_ship_what_is_not_python_too(built: Path) -> None:
    built = built / "SystemFunction"
    assert (built / "system" / "openapi.json").exists()
    assert (built / "system" / "docs.html").exists()
    assert list((built / "migrations" / "versions").rglob("*.sql"))
    assert not (built / "Makefile").exists()


def test_layers_hold_no_sdk_that_lambda_brings_and_fit(built: Path) -> None:
    layer = built / "DependenciesLayer"
    assert not [name for name in ("boto3", "botocore") if (layer / "python" / name).exists()]
    folders = (layer, built / "NexusLayer", built / "SystemFunction")
    size = sum(path.stat().st_size for folder in folders for path in folder.rglob("*.*"))
    assert size < 250 * 1024 * 1024


def test_the_dependencies_hold_little_that_no_function_loads(built: Path) -> None:
    """What a function's environment is made of is fetched and unpacked at each cold start."""
    files = (path for path in (built / "DependenciesLayer").rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) < LARGEST_DEPENDENCIES


def test_all_functions_work_on_the_layers_alone(built: Path) -> None:
    """Without this machine's packages, as in Lambda."""
    folders = [built / "SystemFunction"]
    folders += [built / name / "python" for name in ("NexusLayer", "DependenciesLayer")]
    path = ":".join(map(str, folders))
    functions = (*MODULES, "housekeeping", "migrations")
    command = [sys.executable, "-S", "-B", "-c", LOOK, *functions]
    done = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    loaded = [Path(name) for name in json.loads(done.stdout)]
    assert len([name for name in loaded if name.is_relative_to(built)]) > 300
