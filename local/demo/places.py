"""The district's sites with their buildings, floors and rooms."""

from typing import NamedTuple

from sqlalchemy import select

from local.demo.session import Demo
from locations.location_types import LocationTypeCreate, LocationTypes
from locations.locations.schemas import LocationCreate
from locations.locations.service import Locations
from locations.tables import location_types
from nexus.access.scope import ROOT_TENANT_ID
from nexus.records.reading import Record

DISTRICT = "LSD"
SERVER_ROOM = "LDO-A-SR"
STORAGE = "LDO-ST"
HELP_DESK = "LDO-A-HD"
CART = "CT"  # in the first room of a floor
CLOSET = "NC"  # every floor of a school has one: its switch is in there


class Building(NamedTuple):
    code: str
    name: str
    floors: int
    rooms: int  # on each floor
    halls: tuple[str, ...] = ()  # on the ground floor, besides


class Site(NamedTuple):
    code: str
    name: str
    address: str
    buildings: tuple[Building, ...]


SHARED = ("Main Office", "Library", "Cafeteria")
GYM = Building("G", "Gymnasium", 1, 0, ("Sports Hall", "Weight Room"))
SCHOOLS = (
    Site("HBE", "Harbor Elementary", "12 Harbor Street, Lakeside", (
        Building("M", "Main Building", 2, 7, SHARED),
    )),
    Site("LKE", "Lakeside Elementary", "340 Orchard Lane, Lakeside", (
        Building("M", "Main Building", 2, 8, SHARED),
        GYM,
    )),
    Site("LKM", "Lakeside Middle", "75 Mill Road, Lakeside", (
        Building("M", "Main Building", 2, 10, SHARED),
        GYM,
    )),
    Site("LKH", "Lakeside High", "1 Summit Avenue, Lakeside", (
        Building("M", "Main Building", 3, 10, (*SHARED, "Auditorium")),
        Building("S", "Science Wing", 2, 5, ("Greenhouse",)),
        GYM,
    )),
)  # fmt: skip


def places(demo: Demo) -> None:
    """One tree: the district, its schools, its office with the server room, its storage."""
    types = location_types.c
    shared = select(types.name, types.id).where(types.tenant_id == ROOT_TENANT_ID)
    type_ids = {row.name: row.id for row in demo.scope.execute(shared)}
    cart = LocationTypes(demo.scope).create(LocationTypeCreate(name="Cart").model_dump())
    type_ids["Cart"] = cart["id"]

    def place(within: str | None, type_: str, code: str, name: str, **more: str) -> Record:
        inside = {"parent_id": demo.locations[within]["id"]} if within else {}
        body = LocationCreate(name=name, code=code, type_id=type_ids[type_], **inside, **more)
        demo.locations[code] = Locations(demo.scope).create(body.model_dump())
        return demo.locations[code]

    place(None, "Site", DISTRICT, "Lakeside School District")
    for school in SCHOOLS:
        place(DISTRICT, "Site", school.code, school.name, address=school.address)
        for building in school.buildings:
            inside = f"{school.code}-{building.code}"
            place(school.code, "Building", inside, building.name)
            for number in range(1, building.floors + 1):
                floor = f"{inside}{number}"
                place(inside, "Floor", floor, f"Floor {number}")
                place(floor, "Room", f"{floor}-{CLOSET}", "Network Closet")
                for room in range(1, building.rooms + 1):
                    label = f"{number}{room:02}"
                    place(floor, "Room", f"{inside}{label}", f"Room {label}")
                if building.rooms:
                    first = f"{inside}{number}01"
                    place(first, "Cart", f"{first}-{CART}", f"Cart {building.code}{number}")
            for number, hall in enumerate(building.halls, 1):
                place(f"{inside}1", "Room", f"{inside}-H{number}", hall)
    place(DISTRICT, "Site", "LDO", "District Office", address="200 Center Square, Lakeside")
    place("LDO", "Building", "LDO-A", "Administration")
    place("LDO-A", "Floor", "LDO-A1", "Floor 1")
    place("LDO-A1", "Room", SERVER_ROOM, "Server Room")
    place("LDO-A1", "Room", HELP_DESK, "Help Desk")
    place("LDO-A1", "Room", "LDO-A-BR", "Board Room")
    place("LDO", "Storage", STORAGE, "Central Storage")
    place("LDO", "Vehicle", "LDO-V1", "Technology Van")
