"""Places, what is owned and who has it, and configuration items."""

from datetime import date

from assets.assets.money import Money
from assets.assets.schemas import AssetCreate
from assets.assets.service import Assets
from assets.catalog.asset_models import AssetModelCreate, AssetModels
from assets.catalog.asset_types import AssetTypeCreate, AssetTypes
from assets.catalog.manufacturers import ManufacturerCreate, Manufacturers
from assets.custody.assignments import Assignments
from assets.custody.circulations import Circulations
from assets.custody.schemas import AssetAssignmentCreate, CirculationCreate
from assets.repairs import Repairs
from configurations.configuration_items.schemas import ConfigurationItemCreate
from configurations.configuration_items.service import ConfigurationItems
from configurations.relationships import RelationshipCreate, Relationships
from local.demo.ids import id_of, make
from local.demo.places import HELP_DESK
from local.demo.session import Demo
from locations.location_types import LocationTypeCreate, LocationTypes
from locations.locations.schemas import LocationCreate
from locations.locations.service import Locations
from projects.issues.schemas import IssueCreate
from projects.issues.service import Issues

BOUGHT, WARRANTY_UNTIL = date(2025, 7, 14), date(2028, 7, 13)
STARTED = date(2026, 1, 5)
# By the name of the id: what each is there for.
LAPTOPS = {
    "asset": "Lending laptop 1",
    "asset out": "Lending laptop 2",
    "asset to archive": "Lending laptop 3",
    "asset to lose": "Lending laptop 4",
    "asset stolen": "Lending laptop 5",
    "asset to retire": "Lending laptop 6",
    "asset retired": "Lending laptop 7",
    "asset2": "Lending laptop 8",
}


def things(demo: Demo) -> None:
    _places(demo)
    _catalog(demo)
    _assets(demo)
    _custody(demo)
    _repair(demo)
    _items(demo)


def _places(demo: Demo) -> None:
    make(LocationTypes(demo.scope), "location type", LocationTypeCreate(name="Makerspace"))
    make(LocationTypes(demo.scope), "location type2", LocationTypeCreate(name="Portable"))
    floor = demo.locations["LDO-A1"]["id"]
    for name, called, code, parent_id in (
        ("location", "Innovation Lab", "LDO-A-IL", floor),
        ("location2", "Print Workshop", "LDO-A-PW", floor),
        ("location3", "Robotics Corner", "LDO-A-RC", id_of("location")),
    ):
        body = LocationCreate(
            name=called, code=code, type_id=id_of("location type"), parent_id=parent_id
        )
        make(Locations(demo.scope), name, body)


def _catalog(demo: Demo) -> None:
    for name, maker, site in (
        ("manufacturer", "Heron Works", "https://heron.example"),
        ("manufacturer2", "Old Pier Electronics", "https://oldpier.example"),
    ):
        by = ManufacturerCreate(name=maker, website=site, support_url=f"{site}/support")
        make(Manufacturers(demo.scope), name, by)
    for name, type_ in (("asset type", "Lending device"), ("asset type2", "Overhead projector")):
        make(AssetTypes(demo.scope), name, AssetTypeCreate(name=type_))
    for name, model, number in (
        ("asset model", "Heron Go 13", "HG13-2025"),
        ("asset model2", "Heron Go 11", "HG11-2021"),
        ("stock model", "Heron Hotspot", "HH-5G"),
    ):
        body = AssetModelCreate(
            name=model,
            tracking_type="countable" if name == "stock model" else "serialized",
            manufacturer_id=id_of("manufacturer"),
            asset_type_id=id_of("asset type"),
            model_number=number,
        )
        make(AssetModels(demo.scope), name, body)


def _assets(demo: Demo) -> None:
    laptops = [
        AssetCreate(
            model_id=id_of("asset model"),
            name=called,
            asset_tag=f"LL-{number:04}",
            serial_number=f"HG25{number:05}",
            purchased_on=BOUGHT,
            purchase_cost=Money(currency="USD", amount="549.00"),
            warranty_until=WARRANTY_UNTIL,
        )
        for number, called in enumerate(LAPTOPS.values(), 1)
    ]
    bodies = [body.model_dump() for body in laptops]
    named = [{"id": id_of(name), **body} for name, body in zip(LAPTOPS, bodies, strict=True)]
    Assets(demo.scope).create_many(id_of("asset model"), named)
    stock = AssetCreate(
        model_id=id_of("stock model"),
        name="Lending hotspots",
        quantity=60,
        purchased_on=BOUGHT,
        purchase_cost=Money(currency="USD", amount="79.00"),
    )
    make(Assets(demo.scope), "stock", stock)
    Assets(demo.scope).move(id_of("asset retired"), "The hinge is broken", name="retire")


def _custody(demo: Demo) -> None:
    staff = [each["id"] for each in demo.persons.values() if each["archived_at"] is None][:2]
    issue = CirculationCreate(
        asset_id=id_of("asset out"), circulation_type="issue", person_id=staff[0]
    )
    make(Circulations(demo.scope), "circulation", issue)
    for name, person_id in zip(("assignment", "assignment2"), staff, strict=True):
        body = AssetAssignmentCreate(
            asset_id=id_of("stock"), person_id=person_id, quantity=2, start_date=STARTED
        )
        make(Assignments(demo.scope), name, body)


def _repair(demo: Demo) -> None:
    """The issue of a repair has its id, which the service makes."""
    body = IssueCreate(
        title="The keyboard skips letters",
        issue_type="repair",
        project_id=demo.projects["MS"],
        description="Mostly E and R.",
    )
    make(Issues(demo.scope), "repair", body)
    repair_id, asset_id = id_of("repair"), id_of("asset out")
    place = {"location_id": demo.locations[HELP_DESK]["id"]}
    Repairs(demo.scope).insert(
        {"id": repair_id, "issue_id": repair_id, "asset_id": asset_id, **place}
    )


def _items(demo: Demo) -> None:
    for name, item, said in (
        ("ci", "Device Lending Portal", "Where staff book a device."),
        ("ci2", "lending-web-01", "Serves the portal."),
        ("ci3", "lending-web-00", "Served the portal before."),
    ):
        type_ = "service" if name == "ci" else "virtual machine"
        body = ConfigurationItemCreate(name=item, ci_type=type_, description=said)
        make(ConfigurationItems(demo.scope), name, body)
    runs_on = RelationshipCreate(target_id=id_of("ci2"), relationship_type="runs_on")
    make(Relationships(demo.scope, {"ci_id": id_of("ci")}), "relationship", runs_on)
