"""The Makefile's search for a Python: what is named right may fail, what works may be elsewhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.stack import REPOSITORY

WORKS = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
SHIM = "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n"
OLD = "#!/bin/sh\nexit 1\n"
NO_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "{}" "$@"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "bin").mkdir()
    return tmp_path


def offer(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script)
    path.chmod(0o755)


def find(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    script = REPOSITORY / "local" / "find-python.sh"
    # A PATH of ours alone: the machine's own Pythons must not help.
    variables = {"PATH": str(home / "bin"), "HOME": str(home), "PYENV_ROOT": str(home / "pyenv")}
    return subprocess.run(
        ["/bin/sh", str(script)],
        env=variables | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_3_13_on_the_path_is_taken(home: Path) -> None:
    offer(home / "bin" / "python3.13", WORKS)
    assert find(home).stdout.strip() == sys.executable


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own(home: Path) -> None:
    offer(home / "bin" / "python3.13", SHIM)
    offer(home / "pyenv" / "versions" / "3.13.1" / "bin" / "python3.13", WORKS)
    found = find(home)
    assert found.stdout.strip() == sys.executable
    assert not found.stderr


def test_a_python3_that_is_new_enough_is_taken(home: Path) -> None:
    offer(home / "bin" / "python3", WORKS)
    assert find(home).stdout.strip() == sys.executable


def test_pythons_choice_goes_before_all(home: Path) -> None:
    offer(home / "bin" / "python3.13", SHIM)
    offer(home / "mine", WORKS)
    assert find(home, PYTHON=str(home / "mine")).returncode == 0


def test_a_wrong_choice_is_refused_though_another_python_would_do(home: Path) -> None:
    offer(home / "bin" / "python3.13", WORKS)
    offer(home / "mine", OLD)
    found = find(home, PYTHON=str(home / "mine"))
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == f"PYTHON={home}/mine is not a Python 3.13 with its venv module.\n"


def test_one_line_says_that_python_is_missing(home: Path) -> None:
    offer(home / "bin" / "python3", OLD)
    found = find(home)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("\n") == 1
    assert "Python 3.13" in found.stderr


def test_one_line_says_that_venv_is_missing(home: Path) -> None:
    offer(home / "bin" / "python3.13", NO_VENV.format(sys.executable))
    found = find(home)
    assert found.returncode == 1
    assert found.stderr == "python3.13 has no venv module: apt-get install python3.13-venv\n"


def test_make_says_that_line_and_stops(home: Path) -> None:
    locks = ("requirements-run.txt", "requirements-dev.txt")
    for name in ("Makefile", "local/find-python.sh", *locks):
        (home / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, home / name)
    offer(home / "mine", OLD)
    made = subprocess.run(
        ["make", "run"],
        cwd=home,
        env={"PATH": os.environ["PATH"], "PYTHON": str(home / "mine")},  # not this test's own make
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode
    assert made.stderr.startswith(f"PYTHON={home}/mine is not a Python 3.13")
    assert not made.stdout
    assert not (home / ".venv").exists()
