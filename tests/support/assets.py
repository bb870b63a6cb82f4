"""What tests of assets make, besides what the makers do."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.api import Api, Json
from tests.support.makers import MAKERS
from tests.support.people import unique


def new_model(api: Api, tracking_type: str = "serialized", **given: Any) -> Json:
    return MAKERS["asset_model_id"].new(api, tracking_type=tracking_type, **given)


def new_asset(api: Api, **given: Any) -> Json:
    """A serialized one."""
    model_id = given.get("model_id") or new_model(api)["id"]
    body = {"model_id": model_id, "name": unique("Asset"), "serial_number": unique("SN")}
    made: Json = api.post("/assets", {**body, **given})
    return made


def new_stock(api: Api, quantity: int, **given: Any) -> Json:
    """So many of what is counted."""
    return MAKERS["asset_id"].new(api, quantity=quantity, **given)


def circulate(api: Api, asset: Json, kind: str, **given: Any) -> Json:
    body = {"asset_id": asset["id"], "circulation_type": kind, **given}
    made: Json = api.post("/asset-circulations", body)
    return made


def refused_circulation(api: Api, status: int, asset: Json, kind: str, **given: Any) -> Json:
    body = {"asset_id": asset["id"], "circulation_type": kind, **given}
    problem: Json = api.refused(status, "POST", "/asset-circulations", body)
    return problem


def shown(api: Api, asset: Json) -> Json:
    found: Json = api.get(f"/assets/{asset['id']}")
    return found


def assignments(api: Api, asset: Json, **query: object) -> list[Json]:
    found: list[Json] = api.items(f"/assets/{asset['id']}/assignments", **query)
    return found


def custody(api: Api, asset: Json) -> tuple[object, ...]:
    now = shown(api, asset)
    return now["person_id"], now["quantity_out"], now["quantity_available"]


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat().replace("+00:00", "Z")


def day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days)).isoformat()
