"""Text: what can be stored, what a name may hold."""

import unicodedata


def is_storable(text: str) -> bool:
    """PostgreSQL stores neither NUL nor a lone surrogate."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def one_line(text: str) -> str:
    """Letters that join or mark others (Cf) belong to names, but not alone. Raises ValueError."""
    kinds = {unicodedata.category(letter) for letter in text}
    if kinds & {"Cc", "Zl", "Zp"}:
        raise ValueError("has to be one line without control characters")
    if kinds <= {"Cf", "Zs"}:
        raise ValueError("has to hold something that can be seen")
    return text
