"""The deploy hook: a CloudFormation custom resource that migrates before the release runs.
Operators invoke it for an administrator who has lost the password."""

import os
import threading
import traceback
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from sqlalchemy import make_url

from migrations.administrators import reset_password
from migrations.answer import Answer, send
from migrations.runner import MigrationError, NewerRevision, expected_head, reason, upgrade
from nexus.settings import SettingInvalid, settings

RESET = "set-administrator-password"
MARGIN = 15.0  # seconds kept for the answer
logger = Logger(service="migrations")


class UnknownEvent(MigrationError):
    """Neither CloudFormation's nor what an operator may ask for."""


def handler(sent: Any, context: LambdaContext) -> dict[str, str]:
    """Answer every request, whatever happens, before this function's own time is up: an operator's
    by what it returns, and CloudFormation's at the address that it sent."""
    event: dict[str, Any] = sent if isinstance(sent, dict) else {}  # what else JSON may be
    answers: list[Answer] = []
    work = threading.Thread(target=lambda: answers.append(_answer(event)), daemon=True)
    work.start()
    work.join(context.get_remaining_time_in_millis() / 1000 - MARGIN)
    late = Answer("FAILED", "it did not end in time")
    answer = answers[0] if answers else late
    if "ResponseURL" in event:
        send(event, context, answer)
    return asdict(answer)


def _answer(event: dict[str, Any]) -> Answer:
    try:
        return Answer("SUCCESS", _perform(event))
    except Exception as error:  # noqa: BLE001 - no answer would block the stack for an hour
        return Answer("FAILED", _failure(error))


def _perform(event: dict[str, Any]) -> str:
    if list(event) == [RESET] and event[RESET] is True:
        return reset_password()
    if "RequestType" not in event:
        raise UnknownEvent(f'this function takes {{"{RESET}": true}} and nothing else')
    if event["RequestType"] == "Delete":
        return "the data stays"
    wanted, head = event["ResourceProperties"].get("Revision"), expected_head()
    if wanted != head:  # a rollback sends the old properties to the new code, or the reverse
        return f"nothing done: {wanted} was asked for and this code is at {head}"
    return _upgrade(head)


def _upgrade(head: str) -> str:
    try:
        upgrade(settings().database_url)
    except NewerRevision as newer:
        return f"nothing done: {newer}"
    return f"the database is at {head}"


def _failure(error: Exception) -> str:
    said = str(error) if isinstance(error, MigrationError) else reason(error)
    plain = _without_secrets(f"{type(error).__name__}: {said}")
    logger.error("failed", extra={"reason": plain, "at": _frames(error)})
    return plain


def _without_secrets(said: str) -> str:
    secrets = [value for name, value in os.environ.items() if name.endswith(("PASSWORD", "KEY"))]
    with suppress(SettingInvalid):  # nobody has signed in by a URL that cannot be read
        secrets.append(make_url(settings().database_url).password or "")
    for secret in filter(None, secrets):
        said = said.replace(secret, "***")
    return said


def _frames(error: Exception) -> list[str]:
    """Where it happened; a traceback's last lines would quote SQL with its values."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno}" for frame in frames]
