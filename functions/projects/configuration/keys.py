"""Keys of fields and types: a-z, 0-9 and _; made of the name where none is given."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from nexus.problems import ValidationFailed, error
from nexus.records.reading import Record
from nexus.records.schemas import Key

LONGEST = 50


def _apart_from_operators(key: str) -> str:
    """In a query string, an operator is behind two underscores."""
    if "__" in key:
        raise ValueError("takes no two underscores in a row")
    return key


IssueKey = Annotated[
    str,
    Key(),
    StringConstraints(pattern=r"^[a-z0-9_]+$", min_length=1, max_length=LONGEST),
    AfterValidator(_apart_from_operators),
    Field(description="Unique among the tenant's own", examples=["root_cause"]),
]


def with_key(values: Record) -> Record:
    """The values of a new record. Raises ValidationFailed where the name makes no key."""
    if values["key"] is not None:
        return values
    folded = unicodedata.normalize("NFKD", values["name"].casefold())
    plain = folded.encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].rstrip("_")
    if not key:
        raise ValidationFailed(error("key", "cannot be made of this name: give one"))
    return {**values, "key": key}
