"""Log files rotate and lose nothing, whoever prints, and only their owner reads them."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from local import log
from local.log import KEPT, LARGEST, Log

PRINTERS, LINES, LENGTH = 4, 450, 20_000
PRINTER = "import os, sys\nfor n in range({}): os.write(1, f'{} {{n}} {}\\n'.encode())"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.log"


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir())


def whole(path: Path) -> str:
    """What is in all the files, the oldest first."""
    return "".join((path.parent / name).read_text() for name in sorted(names(path), reverse=True))


def test_no_line_is_lost_or_torn_though_several_print_at_once(path: Path) -> None:
    with Log(path) as written:
        printers = [
            subprocess.Popen(
                [sys.executable, "-c", PRINTER.format(LINES, number, str(number) * LENGTH)],
                stdout=written.fileno(),
            )
            for number in range(PRINTERS)
        ]
        assert [printer.wait() for printer in printers] == [0] * PRINTERS
    assert names(path) == ["some.log", "some.log.1", "some.log.2", "some.log.3"]
    assert max(file.stat().st_size for file in path.parent.iterdir()) <= LARGEST
    lines = whole(path).splitlines()
    for number in range(PRINTERS):
        own = [line for line in lines if line.startswith(str(number))]
        assert own == [f"{number} {n} {str(number) * LENGTH}" for n in range(LINES)]
    assert len(lines) == PRINTERS * LINES


def test_the_oldest_file_goes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "LARGEST", 30)
    log.write(path, (f"line {number:04}\n".encode() for number in range(100)))
    assert names(path) == ["some.log", *(f"some.log.{age}" for age in range(1, KEPT + 1))]
    assert re.findall(r"\d+", whole(path)) == [f"{n:04}" for n in range(88, 100)][-10:]


def test_a_line_that_is_larger_than_a_file_is_written_by_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LARGEST", 5)
    log.write(path, [b"first, long\n", b"2nd\n"])
    assert (path.read_text(), whole(path)) == ("2nd\n", "first, long\n2nd\n")


def test_it_goes_on_behind_what_is_there_and_closes_it_to_others(path: Path) -> None:
    path.write_text("before\n")
    path.chmod(0o644)
    for said in (b"one\n", b"other\n"):
        with Log(path) as written:
            os.write(written.fileno(), said)
    assert path.read_text() == "before\none\nother\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_printed_last_is_there_though_no_line_ended(path: Path) -> None:
    with Log(path) as written:
        os.write(written.fileno(), b"dying wo")
    assert path.read_text() == "dying wo"


def test_a_writer_that_dies_is_replaced_and_what_was_printed_has_waited(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with Log(path) as written:
        written.revive()
        assert capfd.readouterr().out == ""
        (writer,) = (c for c in psutil.Process().children() if str(path) in c.cmdline())
        writer.kill()
        os.waitid(os.P_PID, writer.pid, os.WEXITED | os.WNOWAIT)
        os.write(written.fileno(), b"meanwhile\n")
        written.revive()
        os.write(written.fileno(), b"afterwards\n")
    assert path.read_text() == "meanwhile\nafterwards\n"
    assert "another takes its place" in capfd.readouterr().out


def test_a_file_that_cannot_be_written_costs_lines_and_not_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "later" / "some.log"

    def lines() -> Iterator[bytes]:
        yield b"lost\n"
        path.parent.mkdir()
        yield b"kept\n"

    log.write(path, lines())
    assert path.read_text() == "kept\n"
