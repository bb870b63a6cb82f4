"""The routes of configuration items."""

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

PARAMETERS = (
    {
        "name": "direction",
        "in": "query",
        "description": "Downstream: what stands on the item. Upstream: what it stands on.",
        "schema": {"type": "string", "enum": DIRECTIONS, "default": DIRECTIONS[0]},
    },
    {
        "name": "depth",
        "in": "query",
        "description": "Steps at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MAX_DEPTH, "default": DEFAULT_DEPTH},
    },
)


@router.get(IMPACT, **openapi.operation(IMPACT, "impact", Impact, parameters=PARAMETERS))
async def get_impact(request: Request, scope: Caller) -> Response:
    return responses.value(impact(scope, id_in(request, "ci_id"), params_of(request)))
