"""What a signed form allows: each field that it names, and so many bytes."""

import json
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.store.refusals import denied

# What S3 asks of no policy; a condition of a kind that is not known here is never met.
FREE = {"policy", "x-amz-signature", "file"}


def allowed_sizes(fields: Mapping[str, str], bucket: str) -> tuple[int, int]:
    """The least and the most bytes. Raises Refusal for fields that the policy does not allow."""
    policy = json.loads(b64decode(fields["policy"], validate=True))
    if datetime.fromisoformat(policy["expiration"]) <= datetime.now(UTC):
        raise denied("Invalid according to Policy: Policy expired.")
    least, most = 0, -1
    allowed = FREE | {"bucket"}
    for condition in policy["conditions"]:
        match condition:
            case ["content-length-range", int(one), int(other)]:
                least, most = one, other
            case ["eq", str(name), str(value)]:
                allowed.add(_met(fields, bucket, name.removeprefix("$"), value))
            case {**pairs}:
                allowed |= {_met(fields, bucket, str(n), str(v)) for n, v in pairs.items()}
            case _:
                raise _failed(condition)
    if others := fields.keys() - allowed:
        raise denied(f"Invalid according to Policy: Extra input fields: {', '.join(others)}")
    return least, most


def _met(fields: Mapping[str, str], bucket: str, name: str, value: str) -> str:
    given = bucket if name == "bucket" else fields.get(name.lower())
    if given != value:
        raise _failed(["eq", f"${name}", value])
    return name.lower()


def _failed(condition: Any) -> Exception:
    told = json.dumps(condition)
    return denied(f"Invalid according to Policy: Policy Condition failed: {told}")
