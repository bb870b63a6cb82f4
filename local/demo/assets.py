"""What the district owns: some thousand devices in carts, rooms and hands, stocks that are counted,
what became of them, and their repairs."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from assets.assets.money import Money
from assets.assets.schemas import AssetCreate
from assets.assets.service import Assets
from assets.catalog.asset_models import AssetModelCreate, AssetModels
from assets.catalog.manufacturers import ManufacturerCreate, Manufacturers
from assets.custody.assignments import Assignments
from assets.custody.circulations import Circulations
from assets.custody.schemas import AssetAssignmentCreate, CirculationCreate, CirculationType
from assets.repairs import RepairCreate, Repairs
from assets.tables import asset_types
from local.demo.issues import HELPERS, REPORTERS, step
from local.demo.places import CART, HELP_DESK, STORAGE
from local.demo.session import Demo
from nexus.access.scope import ROOT_TENANT_ID
from nexus.records.reading import Record

KEEPER = HELPERS[0]  # who hands out and takes back
MAKERS = (
    "Northlake",
    "Kestrel Computing",
    "Fjordline",
    "Brightbeam",
    "Tamarack Networks",
    "Plugwise",
)


class Model(NamedTuple):
    """With how many pieces; one that is counted has no tag."""

    name: str
    asset_type: str
    maker: str
    pieces: int
    cost: int
    ages: tuple[int, ...]  # in years, of which each piece has one
    tag: str = ""


LAPTOP, CHROMEBOOK, CART_CHROMEBOOK, TABLET = "Meridian 14", "Skiff 11", "Skiff 11 E", "Slate 10"
DESKTOP, MONITOR, PHONE, PRINTER = "Anchor Mini", "Vista 27", "Ring 300", "Inkwell M400"
PROJECTOR, PANEL, CAMERA = "Lumen 3600", "Lumen Board 75", "Lumen Lens"
SWITCH, ACCESS_POINT = "Trunk 48", "Canopy 6"
CHARGER, HEADSET, CABLE = "USB-C charger 45 W", "Classroom headset", "HDMI cable 3 m"
MODELS = (
    Model(LAPTOP, "Laptop", "Northlake", 60, 899, (0, 1, 3), "LT"),
    Model(CHROMEBOOK, "Chromebook", "Kestrel Computing", 200, 329, (0, 1), "CB"),
    Model(CART_CHROMEBOOK, "Chromebook", "Kestrel Computing", 241, 279, (2, 3), "CC"),
    Model(TABLET, "Tablet", "Fjordline", 96, 449, (1,), "TB"),
    Model(DESKTOP, "Desktop", "Northlake", 140, 649, (1, 4), "PC"),
    Model(MONITOR, "Monitor", "Brightbeam", 140, 219, (1, 4), "MN"),
    Model(PHONE, "Desk phone", "Tamarack Networks", 60, 119, (4,), "PH"),
    Model(PRINTER, "Multifunction printer", "Fjordline", 24, 1249, (3,), "PR"),
    Model(PROJECTOR, "Projector", "Brightbeam", 60, 749, (2, 5), "PJ"),
    Model(PANEL, "Interactive panel", "Brightbeam", 40, 2899, (0, 2), "IP"),
    Model(CAMERA, "Document camera", "Brightbeam", 60, 259, (2,), "DC"),
    Model(SWITCH, "Switch", "Tamarack Networks", 22, 2399, (3,), "SW"),
    Model(ACCESS_POINT, "Access point", "Tamarack Networks", 32, 389, (3,), "AP"),
    Model(CHARGER, "Charger", "Plugwise", 420, 29, (1,)),
    Model(HEADSET, "Headset", "Plugwise", 300, 19, (1,)),
    Model(CABLE, "Cable", "Plugwise", 150, 9, (2,)),
)
HARDWARE = {"switch": SWITCH, "access point": ACCESS_POINT}  # by type of configuration item
# Of the Chromebooks for pupils the first are due some day, those up to LENT are out without a day,
# the last have been in several hands.
BORROWED, LENT, PASSED_ON = 60, 80, 10
WARRANTY_YEARS = 3
FATES: dict[str, tuple[str, ...]] = {  # moves between states, and why
    "archive": ("Entered twice by mistake", "Was never delivered"),
    "retire": ("The battery swells", "The hinge is broken", "Gets no more updates", "Too slow"),
    "mark-lost": ("Left on the bus", "Not there at the stock-take", "Lost on a field trip"),
    "mark-stolen": ("Taken from a car, police report 24-1187", "Gone after the break-in"),
}
BROKEN = ("Keys are missing", "The screen is cracked", "Does not charge", "The hinge is loose")
REPAIR_STEPS = ("Start", "Resolve", "Close")


def assets(demo: Demo) -> None:
    """All is bought first, then placed and handed out; see network for what it installs."""
    model_ids = _catalog(demo)
    with demo.acting(KEEPER):
        for model in MODELS:
            demo.assets[model.name] = _buy(demo, model, model_ids[model.name])
        demo.plan_anew()
        _place(demo)
        demo.plan_anew()
        _hand_out(demo)
        _pass_on(demo)
        _count_out(demo)
        _end(demo)


def install(demo: Demo, type_: str, code: str) -> str:
    """The next piece of that hardware goes to a place; answers its id."""
    asset = demo.assets[HARDWARE[type_]].pop()
    _tell(demo, asset, "move", 900, code)
    asset_id: str = asset["id"]
    return asset_id


def repairs(demo: Demo) -> None:
    """Some are reported, some under way, some done."""
    devices = demo.chance.sample(demo.assets[CHROMEBOOK][:BORROWED], 16)
    for number, asset in enumerate(devices):
        body = RepairCreate(
            asset_id=asset["id"],
            title=f"{demo.chance.choice(BROKEN)}: {asset['asset_tag']}",
            description=demo.chance.choice((None, "It fell from a desk.")),
            location_id=demo.locations[HELP_DESK]["id"],
        )
        with demo.acting(demo.chance.choice(REPORTERS)) as scope:
            repair = Repairs(scope).create(body.model_dump())
        for name in REPAIR_STEPS[: number % (len(REPAIR_STEPS) + 1)]:
            with demo.acting(demo.chance.choice(HELPERS)):
                step(demo, {"id": repair["issue_id"]}, name)


def _catalog(demo: Demo) -> dict[str, str]:
    """The district's own makers and models, below the shared types."""
    types = asset_types.c
    shared = select(types.name, types.id).where(types.tenant_id == ROOT_TENANT_ID)
    type_ids = {row.name: row.id for row in demo.scope.execute(shared)}
    makers: dict[str, str] = {}
    for name in MAKERS:
        site = f"https://{name.split()[0].lower()}.example"
        maker = ManufacturerCreate(name=name, website=site, support_url=f"{site}/support")
        makers[name] = Manufacturers(demo.scope).create(maker.model_dump())["id"]
    model_ids: dict[str, str] = {}
    for model in MODELS:
        body = AssetModelCreate(
            name=model.name,
            tracking_type="serialized" if model.tag else "countable",
            manufacturer_id=makers[model.maker],
            asset_type_id=type_ids[model.asset_type],
        )
        model_ids[model.name] = AssetModels(demo.scope).create(body.model_dump())["id"]
    return model_ids


def _buy(demo: Demo, model: Model, model_id: str) -> list[Record]:
    """Each piece with a tag and a serial number, or all that are counted at once."""
    bodies = []
    for number in range(1, model.pieces + 1 if model.tag else 2):
        bought = _day(365 * demo.chance.choice(model.ages) + 120)
        serial = f"{model.maker[:2].upper()}{demo.chance.randrange(16**5):05X}{number:03}"
        body = AssetCreate(
            model_id=model_id,
            name=f"{model.asset_type} {model.tag}-{number:04}" if model.tag else model.name,
            asset_tag=f"{model.tag}-{number:04}" if model.tag else None,
            serial_number=serial if model.tag else None,
            quantity=1 if model.tag else model.pieces,
            purchased_on=bought,
            purchase_cost=Money(currency="USD", amount=f"{model.cost}.00"),
            warranty_until=bought + timedelta(days=365 * WARRANTY_YEARS) if model.tag else None,
        )
        bodies.append(body.model_dump())
    return list(Assets(demo.scope).create_many(model_id, bodies))


def _place(demo: Demo) -> None:
    """Into carts, rooms and offices; what is in the storage stays there."""
    codes = list(demo.locations)
    carts = [code for code in codes if code.endswith(f"-{CART}")]
    rooms = [code for code in codes if demo.locations[code]["name"].startswith("Room")]
    offices = [code for code in codes if "-H" in code]  # and halls
    placed: dict[str, list[Record]] = {}
    for name, places in (
        (CART_CHROMEBOOK, carts),
        (TABLET, carts),
        (DESKTOP, rooms),
        (MONITOR, rooms),
        (PHONE, [*rooms, *offices]),
        (PRINTER, offices),
        (PROJECTOR, rooms),
        (PANEL, rooms),
        (CAMERA, rooms),
    ):
        for asset, code in zip(demo.assets[name], itertools.cycle(places), strict=False):
            placed.setdefault(code, []).append(asset)
    for code, assets_there in placed.items():
        _tell_of(demo, assets_there, "move", 80, code)
    _tell_of(
        demo, demo.chance.sample(demo.assets[CART_CHROMEBOOK], 20), "confirm", 5, notes="Stock-take"
    )


def _hand_out(demo: Demo) -> None:
    """To staff for good, to pupils until the school year ends; some should be back by now."""
    staff, pupils = _people(demo, "S-"), _people(demo, "P-")
    for asset, person in zip(demo.assets[LAPTOP], staff, strict=False):
        _assign(demo, asset, person, demo.chance.randint(30, 90))
    lent, stored = demo.assets[CHROMEBOOK][:LENT], demo.assets[CHROMEBOOK][LENT:]
    for number, (asset, person) in enumerate(zip(lent, pupils, strict=False)):
        if number < BORROWED:
            due = _day(demo.chance.randint(2, 20)) if number % 12 == 0 else _day(-200)
            _assign(demo, asset, person, 75, due)
        else:
            _tell(demo, asset, "issue", 60, person_id=person)
    _tell_of(demo, stored, "receive", 100, STORAGE)


def _pass_on(demo: Demo) -> None:
    """Some of those in the storage have been in several hands."""
    pupils = _people(demo, "P-")
    for asset in demo.assets[CHROMEBOOK][-PASSED_ON:]:
        first, second, third = demo.chance.sample(pupils, 3)
        _tell(demo, asset, "issue", 90, person_id=first)
        _tell(demo, asset, "return", 61, STORAGE, notes=demo.chance.choice((None, "Scratched")))
        _tell(demo, asset, "issue", 60, person_id=second)
        _tell(demo, asset, "confirm", 31, notes="Stock-take")
        _tell(demo, asset, "return", 30, HELP_DESK)
        _assign(demo, asset, third, 29, _day(-200))


def _count_out(demo: Demo) -> None:
    """Of what is counted each takes some, and brings some back."""
    for name in (CHARGER, HEADSET, CABLE):
        (stock,) = demo.assets[name]
        _tell(demo, stock, "receive", 100, STORAGE, quantity=stock["quantity"])
        for number, person in enumerate(demo.chance.sample(_people(demo, "S-"), 8)):
            quantity = demo.chance.randint(2, 8)
            _tell(demo, stock, "issue", 70 - number, person_id=person, quantity=quantity)
            if number % 3 == 0:
                _tell(demo, stock, "return", 20, STORAGE, person_id=person, quantity=1)


def _end(demo: Demo) -> None:
    """What is no longer in use; some that were lost are found, some retired are disposed of."""
    carried = demo.assets[CHROMEBOOK][-6:]
    leaving = iter([*demo.chance.sample(demo.assets[CART_CHROMEBOOK], 30), *carried])
    for name, reasons in FATES.items():
        for number, asset in enumerate(itertools.islice(leaving, 3 * len(reasons))):
            _move(demo, asset, name, reasons[number % len(reasons)])
            if name == "retire" and number % 3 == 0:
                _move(demo, asset, "dispose", "To the recycler, with a certificate")
            if name == "mark-lost" and number % 3 == 0:
                _move(demo, asset, "restore", "Found in the gym")


def _tell(
    demo: Demo,
    asset: Record,
    type_: CirculationType,
    days: int,
    code: str | None = None,
    **more: Any,
) -> None:
    """What happened so many days ago, and where."""
    Circulations(demo.scope).create(_event(demo, asset, type_, days, code, **more))


def _tell_of(
    demo: Demo,
    together: Sequence[Record],
    type_: CirculationType,
    days: int,
    code: str | None = None,
    **more: Any,
) -> None:
    """The same of several."""
    event = _event(demo, together[0], type_, days, code, **more)
    Circulations(demo.scope).tell_of([asset["id"] for asset in together], event)


def _event(
    demo: Demo, asset: Record, type_: CirculationType, days: int, code: str | None, **more: Any
) -> Record:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
    place = {"location_id": demo.locations[code]["id"]} if code else {}
    body = CirculationCreate(
        asset_id=asset["id"], circulation_type=type_, occurred_at=at, **place, **more
    )
    return body.model_dump()


def _assign(
    demo: Demo, asset: Record, person_id: str, days: int, due_on: date | None = None
) -> None:
    body = AssetAssignmentCreate(
        asset_id=asset["id"], person_id=person_id, start_date=_day(days), due_on=due_on
    )
    Assignments(demo.scope).create(body.model_dump())


def _move(demo: Demo, asset: Record, name: str, reason: str) -> None:
    Assets(demo.scope).move(asset["id"], reason, name=name)


def _people(demo: Demo, kind: str) -> list[str]:
    known = [each for code, each in demo.persons.items() if code.startswith(kind)]
    return [each["id"] for each in known if each["archived_at"] is None]


def _day(ago: int) -> date:
    return datetime.now(UTC).date() - timedelta(days=ago)
