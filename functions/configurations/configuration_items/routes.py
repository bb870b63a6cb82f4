"""The routes of configuration items."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from configurations.configuration_items.impact import (
    DEFAULT_DEPTH,
    DIRECTIONS,
    MAX_DEPTH,
    Impact,
    impact,
)
from configurations.configuration_items.schemas import (
    ConfigurationItemCreate,
    ConfigurationItemUpdate,
)
from configurations.configuration_items.service import ConfigurationItems
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import crud_router, id_in, params_of

IMPACT = f"{ConfigurationItems.path}/impact"

router = crud_router(ConfigurationItems, ConfigurationItemCreate, ConfigurationItemUpdate)


def documented() -> dict[str, Any]:
    """The operation with its own two parameters."""
    options = openapi.operation(IMPACT, "impact", Impact)
    depth = {"type": "integer", "minimum": 1, "maximum": MAX_DEPTH, "default": DEFAULT_DEPTH}
    direction = {"enum": list(DIRECTIONS), "default": DIRECTIONS[0]}
    options["openapi_extra"]["parameters"] += [
        {"name": "direction", "in": "query", "schema": direction,
         "description": "Downstream: what stands on the item. Upstream: what it stands on."},
        {"name": "depth", "in": "query", "schema": depth, "description": "Steps at most."},
    ]  # fmt: skip
    return options


@router.get(IMPACT, **documented())
async def get_impact(request: Request, scope: Caller) -> Response:
    return responses.value(impact(scope, id_in(request, "ci_id"), params_of(request)))
