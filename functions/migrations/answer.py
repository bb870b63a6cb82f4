"""What CloudFormation waits for: one PUT to the address that it sent."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any, Literal

from aws_lambda_powertools.utilities.typing import LambdaContext

PHYSICAL_ID = "nexus-migrations"  # another one would make CloudFormation delete "the old database"
TRIES = 3


@dataclass(frozen=True)
class Answer:
    status: Literal["SUCCESS", "FAILED"]
    reason: str


def send(event: dict[str, Any], context: LambdaContext, answer: Answer) -> None:
    body = json.dumps(_body(event, context, answer)).encode()
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return _put(event["ResponseURL"], body)
        except OSError:
            if last:
                raise
    return None


def _body(event: dict[str, Any], context: LambdaContext, answer: Answer) -> dict[str, Any]:
    return {
        "Status": answer.status,
        "Reason": f"{answer.reason[:500]} (log stream {context.log_stream_name})",
        "PhysicalResourceId": PHYSICAL_ID,
        **{name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")},
    }


def _put(url: str, body: bytes) -> None:
    # The address is signed for an empty content type.
    request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310
    urllib.request.urlopen(request, timeout=4).close()  # noqa: S310 - CloudFormation's own address
