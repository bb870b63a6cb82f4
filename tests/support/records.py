"""Records of the modules, made with as little said as they allow."""

from tests.support.api import Api, Json
from tests.support.people import unique


def new_location(api: Api, parent: Json | None = None, **given: object) -> Json:
    (room,) = api.items("/location-types", name="Room", scope="shared")
    body = {"name": unique("Place"), "type_id": room["id"], "parent_id": parent and parent["id"]}
    made: Json = api.post("/locations", {**body, **given})
    return made


def new_item(api: Api, **given: object) -> Json:
    made: Json = api.post("/configuration-items", {"name": unique("Item"), **given})
    return made


def relate(api: Api, source: Json, target: Json, kind: str = "depends_on") -> Json:
    """The source stands on the target."""
    body = {"target_id": target["id"], "relationship_type": kind}
    made: Json = api.post(f"/configuration-items/{source['id']}/relationships", body)
    return made
