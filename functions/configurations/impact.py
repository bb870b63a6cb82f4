"""Impact: what breaks with a configuration item, or what it stands on."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel, Field
from sqlalchemy import text
from starlette.responses import Response

from configurations.configuration_items import ITEM, ConfigurationItems
from nexus.access.scope import Scope
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import id_in
from nexus.http.routing import resource_router
from nexus.records.query import Params, Query
from nexus.records.schemas import RecordId

IMPACT = f"{ITEM}/impact"
DIRECTIONS = ("downstream", "upstream")
DEFAULT_DEPTH, MAX_DEPTH = 3, 10
MAX_ITEMS = 10_000
REACHED = text(
    "SELECT id, name, depth, via"
    " FROM nexus.impact(:tenant_id, :start, :is_upstream, :deepest, :most)"
)


class ImpactItem(BaseModel):
    id: RecordId
    name: str
    depth: int = Field(ge=1, le=MAX_DEPTH, description="The least number of steps")
    path: list[str] = Field(description="Ids from the start to the item, both included")


class Impact(BaseModel):
    items: list[ImpactItem] = Field(description="Nearest first; archived items are left out")
    truncated: bool = Field(description=f"There are more than {MAX_ITEMS:,} items")


def impact(scope: Scope, item_id: str, params: Params) -> dict[str, Any]:
    """Raises NotFound; InvalidParameter for an unknown parameter, direction or depth."""
    query = Query(params, {}, ("direction", "depth"))
    asked = {
        "is_upstream": query.choice("direction", *DIRECTIONS) == "upstream",
        "deepest": query.number("depth", DEFAULT_DEPTH, MAX_DEPTH),
        "most": MAX_ITEMS + 1,  # one more tells that there are more
    }
    ConfigurationItems(scope).find(item_id)
    rows = scope.connection.execute(
        REACHED, {**asked, "tenant_id": scope.tenant_id, "start": item_id}
    ).all()
    paths = {item_id: [item_id]}
    for row in rows:  # nearer ones first, so what led to an item is there
        paths[row.id] = [*paths[row.via], row.id]
    items = [{"id": r.id, "name": r.name, "depth": r.depth, "path": paths[r.id]} for r in rows]
    return {"items": items[:MAX_ITEMS], "truncated": len(rows) > MAX_ITEMS}


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


router = resource_router()


@router.get(IMPACT, **documented())
async def get_impact(request: Request, scope: Caller) -> Response:
    params = request.query_params.multi_items()
    return responses.value(impact(scope, id_in(request, "ci_id"), params))
