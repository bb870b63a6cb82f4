"""Text: its one form, what can be stored, what a name may hold."""

import re
import unicodedata
from urllib.parse import unquote_to_bytes

# Characters that cannot be seen and mean nothing in a name, but turn or part what stands beside
# them: soft hyphens, zero-width spaces, direction marks, overrides and isolates. What scripts and
# emoji need (ZWNJ, ZWJ, variation selectors, tags) is not among them. After RFC 8264, 9.13.
UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def nfc(text: str) -> str:
    """The one form of a text, whether its accents came composed or apart."""
    return unicodedata.normalize("NFC", text)


def is_storable(text: str) -> bool:
    """PostgreSQL stores neither NUL nor a lone surrogate."""
    return not UNSTORABLE.search(text)


def is_blank(text: str) -> bool:
    """Whether there is nothing in it that can be seen."""
    return all(sign.isspace() or unicodedata.category(sign) == "Cf" for sign in text)


def decoded(raw: bytes) -> str:
    """Percent-encoded text, as query strings and forms are made of. Raises ValueError if its bytes
    are not UTF-8, which a lenient reading would make another text of."""
    return unquote_to_bytes(raw.replace(b"+", b" ")).decode()


def one_line(text: str) -> str:
    """Letters that join or mark others (Cf) belong to names, but not alone. Raises ValueError."""
    kinds = {unicodedata.category(letter) for letter in text}
    if kinds & {"Cc", "Zl", "Zp"}:
        raise ValueError("has to be one line without control characters")
    if unseen := UNSEEN.search(text):
        raise ValueError(f"leave out the invisible character U+{ord(unseen[0]):04X}")
    if kinds <= {"Cf", "Zs"}:
        raise ValueError("has to hold something that can be seen")
    return text
