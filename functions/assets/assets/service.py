"""Rules of assets: what their model asks for, the moves between their states."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy.dialects.postgresql import JSONB

from assets.assets.money import patched, stored
from assets.assets.schemas import AssetHistoryEntryRead, AssetRead
from assets.assets.states import MACHINE, MOVES
from assets.custody.statements import END_CUSTODY
from assets.reads import ASSET, ASSET_MODEL, ASSET_TYPE, MANUFACTURER
from assets.tables import asset_history, assets
from census.reads import PERSON
from locations.reads import LOCATION, within_location
from nexus.access.scope import Rows
from nexus.db.statements import Sql
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.crud import REASON, CrudService
from nexus.records.fields import Field, among_filter
from nexus.records.history import Events
from nexus.records.query import NO_PARAMS, Page, Params
from nexus.records.reading import Record
from nexus.records.references import Reference
from nexus.records.resources import Parent
from projects.reads import PROJECT
from system.reads import USER

HOLD_MODEL = Sql("SELECT nexus.hold_model($1)", ("model_id",))


class QuantityOut(Conflict):
    """More of it are out than the quantity would be: have some returned first."""

    constraints = ("ck_assets_quantity_out",)


class TrackingChanged(Conflict):
    """The model's tracking type has just changed: send what goes with it."""

    constraints = ("ck_assets_tracking",)


class Assets(CrudService):
    """Members write them."""

    table = assets
    read = AssetRead
    path = "/assets/{asset_id}"
    references = {
        "model_id": ASSET_MODEL,
        "asset_type_id": ASSET_TYPE,
        "manufacturer_id": MANUFACTURER,
        "project_id": PROJECT,
        "person_id": PERSON,
        "location_id": LOCATION,
    }
    called = {"person_id": "holder"}
    indexed = (*references, "status", "tracking_type")
    covered = ("updated_at", "purchased_on", "warranty_until")
    tracking_type = ""  # of the model that is asked for

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {"purchase_cost": func.nexus.money(assets.c.purchase_cost, type_=JSONB)}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        c = assets.c
        return {
            **within_location(c.location_id),
            **among_filter("asset_type_id__within", c.asset_type_id, func.nexus.asset_types_below),
        }

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        within = {"location_id__within": LOCATION, "asset_type_id__within": ASSET_TYPE}
        return {**cls.references, **within}

    def list(self, params: Params = NO_PARAMS) -> Page:
        """Who asks for a status, sees what is archived too if that is it."""
        if params.keys() & {"status", "status__in"}:
            params = {"archived": [["any"]], **params}
        return super().list(params)

    def create(self, values: Record) -> Record:
        (asset,) = self.create_many(values["model_id"], [values])
        return asset

    def create_many(self, model_id: str, bodies: Sequence[Record]) -> Sequence[Record]:
        """Assets of one model."""
        self.authorize_write()
        self.scope.require_tenant()
        for project_id in {body["project_id"] for body in bodies}:
            self.check_references({"model_id": model_id, "project_id": project_id})
        self._learn_tracking(model_id)
        self.scope.run_all()
        for body in bodies:
            self._check_tracking(body)
        return self.insert_many([_stored(body) for body in bodies])

    def update(self, record_id: str, changes: Record) -> Record:
        if "model_id" in changes:
            self.scope.require_tenant()
            self._learn_tracking(changes["model_id"])
        return super().update(record_id, changes)

    def write(self, record: Record, values: Record) -> Record:
        if values.get("purchase_cost") is not None:
            values = {**values, "purchase_cost": patched(values["purchase_cost"])}
        if values.keys() & {"model_id", "serial_number", "quantity"}:
            self._check_tracking({**record, **values})
        if values.get("quantity", record["quantity"]) < record["quantity_out"]:
            raise QuantityOut
        return super().write(record, values)

    def archive(self, record_id: str, reason: str | None = None) -> Record:
        return self.move(record_id, reason, name="archive")

    def restore(self, record_id: str, reason: str | None = None) -> Record:
        return self.move(record_id, reason, name="restore")

    def move(self, record_id: str, reason: str | None = None, *, name: str) -> Record:
        """Make a move between states; what is out is taken back where it says so. Raises
        WrongMove."""
        self.authorize_write()
        asset = self.lock(record_id)
        values = MACHINE.take(name, asset)
        if not values:
            return asset
        if MOVES[name].ends_custody and asset["quantity_out"]:
            self.scope.run_ahead(END_CUSTODY, {"asset_id": record_id, "notes": reason})
        if reason:  # behind what has events of its own
            self.scope.run_ahead(REASON, {"reason": reason})
        return self.write(asset, values)

    def _write(self, verb: str, values: Record, record_id: str | None = None) -> Record:
        return super()._write(verb, _stored(values), record_id)

    def _learn_tracking(self, model_id: str) -> None:
        def learn(rows: Rows) -> None:
            self.tracking_type = rows[0][0] or ""

        self.scope.run_ahead(HOLD_MODEL, {"model_id": model_id}, learn)

    def _check_tracking(self, asset: Record) -> None:
        """Raises ValidationFailed for what does not go with how the model's assets are tracked."""
        tracking_type = self.tracking_type or asset["tracking_type"]
        wrong = []
        if tracking_type != asset.get("tracking_type", tracking_type):
            wrong.append(error("model_id", f"is {tracking_type}, which the asset is not"))
        elif tracking_type == "serialized":
            if asset["serial_number"] is None:
                wrong.append(error("serial_number", "has to be given: the model is serialized"))
            if asset["quantity"] != 1:
                wrong.append(error("quantity", "is 1 where the model is serialized"))
        elif asset["serial_number"] is not None:
            wrong.append(error("serial_number", "is not given where the model is countable"))
        if wrong:
            raise ValidationFailed(*wrong)


def _stored(values: Record) -> Record:
    if values.get("purchase_cost") is None:
        return values
    return {**values, "purchase_cost": stored(values["purchase_cost"])}


class AssetHistory(Events):
    """One entry for each field of an asset that changed."""

    table = asset_history
    read = AssetHistoryEntryRead
    path = "/assets/{asset_id}/history"
    references = {"asset_id": ASSET, "actor_id": USER}
    parents = {"asset_id": Parent(ASSET, ("asset_id",))}
    named = {"model": ASSET_MODEL, "project": PROJECT}
