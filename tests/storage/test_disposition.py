"""Names of files in a header: they break none, and stay in the folder that they are saved in."""

import re
from urllib.parse import unquote

import pytest

from nexus.aws.disposition import attachment
from tests.storage.names import ODD

# RFC 6266, 4.1, with a quoted name and an encoded one (RFC 8187, 3.2.1).
HEADER = re.compile(
    r"attachment; filename=\"([ !#$&-\[\]-~]+)\"; "
    r"filename\*=UTF-8''((?:[\w!#$&+.^`|~-]|%[\dA-F]{2})+)",
    re.ASCII,
)


def names(filename: str) -> tuple[str, str]:
    """The plain and the whole name in the header."""
    match = HEADER.fullmatch(attachment(filename))
    assert match, attachment(filename)
    return match[1], unquote(match[2], errors="strict")


@pytest.mark.parametrize("filename", ODD.values(), ids=ODD)
def test_any_name_makes_one_header_and_one_name_in_one_folder(filename: str) -> None:
    for name in names(filename):
        assert not set("/\\\r\n") & set(name)
        assert name.strip(".")
        assert len(name.encode()) <= 255


@pytest.mark.parametrize(
    "filename",
    [ODD[one] for one in ("quotes", "semicolons", "percent", "accents", "right to left", "emoji")],
)
def test_a_name_in_any_script_arrives_whole(filename: str) -> None:
    assert names(filename)[1] == filename


def test_a_plain_name_is_the_same_in_both() -> None:
    assert names("report 2027.pdf") == ("report 2027.pdf", "report 2027.pdf")


def test_what_turns_the_reading_direction_does_not_hide_the_suffix() -> None:
    assert names(ODD["an override"])[1] == "invoicexcod.exe"


def test_a_name_that_no_file_system_takes_keeps_its_suffix() -> None:
    _, name = names(ODD["255 emoji"])
    assert name == "😀" * 62 + ".jpeg"
    assert names("y" * 300)[1] == "y" * 255
