"""Impact: what breaks with a configuration item, or what it stands on."""

from typing import Any

from pydantic import BaseModel, Field

from configurations.configuration_items.service import ConfigurationItems
from nexus.access.scope import Scope
from nexus.db.statements import Sql
from nexus.records.query import Params, Query
from nexus.records.schemas import RecordId

DIRECTIONS = ("downstream", "upstream")
DEFAULT_DEPTH, MAX_DEPTH = 3, 10
MAX_ITEMS = 10_000
REACHED = Sql(
    "SELECT id, name, depth, via FROM nexus.impact(nexus.tenant_id(), $1, $2, $3, $4)",
    ("start", "is_upstream", "deepest", "most"),
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
    ConfigurationItems(scope).find_ahead(item_id)
    rows = scope.run(REACHED, {**asked, "start": item_id})
    paths = {item_id: [item_id]}
    items = []
    for id_, name, depth, via in rows:  # nearer ones first, so what led to an item is there
        paths[id_] = [*paths[via], id_]
        items.append({"id": id_, "name": name, "depth": depth, "path": paths[id_]})
    return {"items": items[:MAX_ITEMS], "truncated": len(rows) > MAX_ITEMS}
