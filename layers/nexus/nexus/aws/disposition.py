"""Content-Disposition of a file that is saved, whatever it is called (RFC 6266, RFC 8187)."""

import re
import unicodedata
from urllib.parse import quote

from nexus.text import UNSEEN, UNSTORABLE

LONGEST = 255  # bytes that file systems take for a name
LONGEST_SUFFIX = 20
# What RFC 8187 lets stand beside letters and digits; quote() adds _ . - ~ itself.
SAFE = "!#$&+^`|"
# Besides what is not ASCII: what ends a quoted name, or what some read as an escape.
UNQUOTABLE = re.compile(r"[^ -~]|[\"%\\]")


def attachment(filename: str) -> str:
    """The header: a name in ASCII for those who know no better, and the whole name beside it."""
    name = _of_a_file(filename)
    plain = UNQUOTABLE.sub("_", name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe=SAFE)}"


def _of_a_file(filename: str) -> str:
    """One name in one folder: no separators, no line breaks, nothing that turns what is read."""
    signs = (
        "_" if sign in "/\\" or unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign
        for sign in UNSEEN.sub("", UNSTORABLE.sub("_", filename))
    )
    name = _shortened("".join(signs).strip())
    return "attachment" if not name.strip(".") else name


def _shortened(name: str) -> str:
    """The suffix says what opens a file, so it is kept."""
    if len(name.encode()) <= LONGEST:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix.encode()) > LONGEST_SUFFIX:
        stem, dot, suffix = name, "", ""
    room = LONGEST - len(f"{dot}{suffix}".encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + suffix
