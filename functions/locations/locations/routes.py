"""The routes of locations."""

from fastapi import Request
from starlette.responses import Response

from locations.locations.schemas import LocationCreate, LocationTree, LocationUpdate
from locations.locations.service import Locations
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import crud_router, id_in, params_of

TREE = f"{Locations.path}/tree"

router = crud_router(Locations, LocationCreate, LocationUpdate)


@router.get(TREE, **openapi.operation(TREE, "tree", LocationTree, parameters=["fields"]))
async def get_tree(request: Request, scope: Caller) -> Response:
    # Without an ETag: the version of the uppermost says nothing of those below.
    found = Locations(scope).tree(id_in(request, "location_id"), params_of(request))
    return responses.value(found)
