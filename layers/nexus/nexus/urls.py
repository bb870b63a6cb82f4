"""Addresses of pages: those that a browser opens, kept as they were written."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, HttpUrl, StringConstraints, TypeAdapter, ValidationError

from nexus.text import is_storable

URL: TypeAdapter[HttpUrl] = TypeAdapter(HttpUrl)
# What pydantic would drop or repair in silence: line breaks, spaces, a missing slash.
ADDRESS = re.compile(r"https?://[^\s\"<>\\]+", re.IGNORECASE)


def web_address(value: str) -> str:
    """Trimmed. Raises ValueError."""
    told = "takes an address that begins with https:// or http://"
    address = value.strip()
    if not ADDRESS.fullmatch(address) or not is_storable(address):
        raise ValueError(told)
    try:
        URL.validate_python(address)
    except ValidationError:
        raise ValueError(told) from None
    return address


WebAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=2_000),
    AfterValidator(web_address),
    Field(examples=["https://www.lakeside.example/support"]),
]
