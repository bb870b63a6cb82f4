"""Tags: what an answer's ETag is, what If-Match and If-None-Match hold (RFC 9110, 8.8.3, 13.1)."""

import re
from collections.abc import Mapping
from typing import Any

ANY = "*"
# What shows in an answer without making a new version: a user's sign-in.
UNCOUNTED = "last_signed_in_at"
TAG = r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")'
LIST = re.compile(rf"[ \t,]*{TAG}(?:[ \t]*,[ \t,]*{TAG})*[ \t,]*")


def etag(record: Mapping[str, Any], of: str = "") -> str:
    """Of a record's version; `of` is its id where a path leads to another record later."""
    version = f"{record['version']}{_since_version(record)}"
    return f'"{of}-{version}"' if of else f'"{version}"'


def read_tags(header: str) -> frozenset[str]:
    """Tags, or `*`. A weak tag is taken for its strong form: what compresses answers on their way
    makes tags weak. Raises ValueError for what is no list of tags."""
    if header.strip() == ANY:
        return frozenset({ANY})
    if not LIST.fullmatch(header):
        raise ValueError('takes tags in quotes, as ETag has them ("3"), or *')
    return frozenset(re.findall(TAG, header))


def is_current(record: Mapping[str, Any], tags: frozenset[str]) -> bool:
    """Whether one of the tags is of the record's version, whatever does not count has moved."""
    given = {re.sub(r'\.[0-9a-f]+"$', '"', tag) for tag in tags}
    version = record["version"]
    return not given.isdisjoint({ANY, f'"{version}"', f'"{record["id"]}-{version}"'})


def _since_version(record: Mapping[str, Any]) -> str:
    moment, changed = record.get(UNCOUNTED), record.get("updated_at")
    if moment is None or (changed is not None and moment <= changed):
        return ""
    return f".{int(moment.timestamp() * 1_000_000):x}"
