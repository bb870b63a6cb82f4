"""Values to and from text where pg8000's own converters are slow or hide an error."""

import json
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from pg8000 import converters

# Unescaped, so that a lone surrogate in JSON is found here and not by the server.
json_text = partial(json.dumps, ensure_ascii=False)


def read_timestamptz(text: str) -> Any:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return converters.timestamptz_in(text)  # infinity, or a year beyond 9999


def read_date(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return converters.date_in(text)


WRITERS = {dict: json_text}
READERS = {converters.TIMESTAMPTZ: read_timestamptz, converters.DATE: read_date}
