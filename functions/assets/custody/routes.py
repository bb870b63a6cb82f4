"""The routes of custody."""

from assets.custody.assignments import Assignments
from assets.custody.circulations import Circulations
from assets.custody.schemas import (
    AssetAssignmentClose,
    AssetAssignmentCreate,
    AssetAssignmentUpdate,
    AssignmentOfAssetCreate,
    CirculationCreate,
)
from nexus.http.routes import add_action, add_create, add_get, add_list, add_update
from nexus.http.routing import resource_router

ASSIGNMENTS, CIRCULATIONS = "/asset-assignments", "/asset-circulations"
ASSIGNMENTS_OF_ASSET = "/assets/{asset_id}/assignments"

router = resource_router()
add_list(router, Assignments, ASSIGNMENTS)
add_create(router, Assignments, ASSIGNMENTS, AssetAssignmentCreate)
add_list(router, Assignments, ASSIGNMENTS_OF_ASSET, "asset_assignments.list_of_asset")
add_create(
    router,
    Assignments,
    ASSIGNMENTS_OF_ASSET,
    AssignmentOfAssetCreate,
    "asset_assignments.create_of_asset",
)
add_get(router, Assignments)
add_update(router, Assignments, AssetAssignmentUpdate)
add_action(router, Assignments, "close", Assignments.close, AssetAssignmentClose)
add_list(router, Circulations, CIRCULATIONS)
add_create(router, Circulations, CIRCULATIONS, CirculationCreate)
add_get(router, Circulations)
add_list(
    router, Circulations, "/assets/{asset_id}/circulations", "asset_circulations.list_of_asset"
)
