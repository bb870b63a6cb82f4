"""The Lambda handler around a module's app."""

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from mangum import Mangum

from nexus.aws import payload, snapshot
from nexus.aws.rest_api import Event, RestApi


def lambda_handler(app: FastAPI) -> Callable[[Event, Any], Event]:
    """The handler of a REST API's proxy integration."""
    snapshot.register()
    logging.getLogger("mangum.http").setLevel(logging.WARNING)  # a request has a line already
    mangum = Mangum(app, lifespan="off", custom_handlers=[RestApi])

    def handler(event: Event, context: Any) -> Event:
        return payload.fitting(mangum(event, context))

    return handler
