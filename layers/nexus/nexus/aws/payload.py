"""What API Gateway and Lambda let through: answers of up to 6 MB."""

from typing import Any

from pydantic_core import to_json

from nexus.problems import MEDIA_TYPE, AnswerTooLarge

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, with JSON around it
LIMIT = 6 * 1024 * 1024
# The gateway compresses what is smaller. Escaped in JSON a character takes up to 6 bytes.
LARGE = LIMIT // 6


def fitting(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer, or the problem that it is too large."""
    if len(answer["body"]) <= LARGE or len(to_json(answer)) <= LIMIT:
        return answer
    kept = {"x-request-id", "cache-control", "x-content-type-options", "strict-transport-security"}
    headers = {n: value for n, value in answer["headers"].items() if n.lower() in kept}
    problem = AnswerTooLarge()
    return {
        "statusCode": problem.status,
        "headers": headers | {"content-type": MEDIA_TYPE},
        "multiValueHeaders": {},
        "body": to_json(problem.document(headers["x-request-id"])).decode(),
        "isBase64Encoded": False,
    }
