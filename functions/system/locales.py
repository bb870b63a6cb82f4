"""Where and in which language somebody is: time zones, regions, language tags."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

# In the list of the tz database, but no zone of any place.
NO_ZONES = {"Factory", "localtime", "posixrules"}
# The grammar of RFC 5646 (BCP 47), section 2.1, by its own names; letters of either case.
EXTLANG = r"[a-z]{3}(?:-[a-z]{3}){0,2}"
LANGUAGE = rf"(?:[a-z]{{2,3}}(?:-{EXTLANG})?|[a-z]{{4}}|[a-z]{{5,8}})"
VARIANT = r"(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})"
EXTENSION = r"(?:[0-9a-wy-z](?:-[a-z0-9]{2,8})+)"
PRIVATE_USE = r"x(?:-[a-z0-9]{1,8})+"
LANGTAG = (
    rf"{LANGUAGE}(?:-[a-z]{{4}})?(?:-(?:[a-z]{{2}}|[0-9]{{3}}))?"
    rf"(?:-{VARIANT})*(?:-{EXTENSION})*(?:-{PRIVATE_USE})?"
)
GRANDFATHERED = (
    "en-GB-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|i-tao"
    "|i-tay|i-tsu|sgn-BE-FR|sgn-BE-NL|sgn-CH-DE|art-lojban|cel-gaulish|no-bok|no-nyn|zh-guoyu"
    "|zh-hakka|zh-min|zh-min-nan|zh-xiang"
)
LANGUAGE_TAG = re.compile(rf"{LANGTAG}|{PRIVATE_USE}|{GRANDFATHERED}", re.ASCII | re.IGNORECASE)


@cache
def time_zones() -> frozenset[str]:
    """The names of the IANA database."""
    return frozenset(_database("zones").split()) - NO_ZONES


@cache
def regions() -> frozenset[str]:
    """The codes of ISO 3166-1, of two letters."""
    lines = _database("zoneinfo/iso3166.tab").splitlines()
    return frozenset(line[:2] for line in lines if not line.startswith("#"))


def _database(name: str) -> str:
    """A file of the tz database. From the pinned package, so that every machine has the same."""
    import tzdata

    return (Path(tzdata.__path__[0]) / name).read_text(encoding="utf-8")


def check_time_zone(value: str) -> str:
    """Raises ValueError."""
    if value not in time_zones():
        raise ValueError("is no IANA time zone, such as Europe/Berlin")
    return value


def check_region(value: str) -> str:
    """Raises ValueError."""
    if value not in regions():
        raise ValueError("is no region of ISO 3166, such as DE")
    return value


def check_locale(value: str) -> str:
    """Raises ValueError."""
    if not LANGUAGE_TAG.fullmatch(value):
        raise ValueError("is no language tag of BCP 47, such as en-GB")
    return value


TimeZone = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(check_time_zone),
    Field(examples=["Europe/Berlin"]),
]
Region = Annotated[
    str,
    StringConstraints(min_length=2, max_length=2),
    AfterValidator(check_region),
    Field(examples=["DE"]),
]
Locale = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(check_locale),
    Field(description="A language tag (BCP 47)", examples=["en-GB"]),
]
