"""A small network as configuration items, and what stands on what."""

from typing import Any

from configurations.configuration_items.schemas import ConfigurationItemCreate
from configurations.configuration_items.service import ConfigurationItems
from configurations.relationships import RelationshipCreate, Relationships
from local.demo.assets import HARDWARE, install
from local.demo.places import CLOSET, SCHOOLS, SERVER_ROOM
from local.demo.session import Demo

CORE = "core-sw-01"
OLD = "files-01"  # archived
ACCESS_POINTS = 2  # on each floor of a school
SERVERS = {  # each connects to the core switch
    "vmhost-01": "hypervisor",
    "vmhost-02": "hypervisor",
    "backup-01": "backup server",
    "storage-01": "storage array",
}
RUNS_ON = {  # each virtual machine or service, and where it runs
    "dc-01": ("virtual machine", "vmhost-01"),
    "dc-02": ("virtual machine", "vmhost-02"),
    "sis-db-01": ("virtual machine", "vmhost-01"),
    "sis-app-01": ("virtual machine", "vmhost-02"),
    "wlc-01": ("virtual machine", "vmhost-02"),
    "Directory": ("service", "dc-01"),
    "DNS and DHCP": ("service", "dc-02"),
    "Student Information System": ("service", "sis-app-01"),
    "Student Database": ("service", "sis-db-01"),
    "School Wi-Fi": ("service", "wlc-01"),
    "Nightly Backup": ("service", "backup-01"),
    "Internet Access": ("service", "fw-01"),
    "Single Sign-On": ("service", "vmhost-01"),
    "Learning Platform": ("service", "vmhost-02"),
    "Print Service": ("service", "vmhost-01"),
    "Phones": ("service", "vmhost-02"),
}
DEPENDS_ON = {
    CORE: ("ups-01",),
    "vmhost-01": ("storage-01", "ups-01"),
    "vmhost-02": ("storage-01", "ups-01"),
    "Single Sign-On": ("Directory", "DNS and DHCP"),
    "Student Information System": ("Student Database", "Single Sign-On"),
    "Learning Platform": ("Single Sign-On", "Internet Access"),
    "School Wi-Fi": ("Directory", "DNS and DHCP"),
    "Print Service": ("Directory",),
    "Phones": ("DNS and DHCP", "Internet Access"),
    "Nightly Backup": ("Student Database", "storage-01"),
}


DESCRIPTIONS = {
    "Student Information System": "Enrollments, schedules and grades; schools need it from 7 am.",
    "Learning Platform": "Courses and homework.",
    "Nightly Backup": "Starts at 1 am; the last copy leaves the house at 5 am.",
}


def network(demo: Demo) -> None:
    """The district's server room, each school's switches and access points, the services."""
    _server_room(demo)
    for number, school in enumerate(SCHOOLS, 1):
        _school(demo, school.code, number)
    for name, (type_, host) in RUNS_ON.items():
        _item(demo, name, type_, description=DESCRIPTIONS.get(name))
        _relate(demo, name, "runs_on", host)
    _item(demo, OLD, "virtual machine", description="Its files are on storage-01 now.")
    ConfigurationItems(demo.scope).archive(demo.items[OLD]["id"], "replaced")
    for name, needed in DEPENDS_ON.items():
        for each in needed:
            _relate(demo, name, "depends_on", each)


def _server_room(demo: Demo) -> None:
    place = {"location": SERVER_ROOM}
    _item(demo, "ups-01", "power supply", **place, minutes=25)
    _item(demo, CORE, "switch", **place, ports=48, management_ip="10.10.0.2")
    _item(demo, "fw-01", "firewall", **place, management_ip="10.10.0.1")
    _relate(demo, "fw-01", "connects_to", CORE)
    for number, (name, type_) in enumerate(SERVERS.items(), 10):
        _item(demo, name, type_, **place, management_ip=f"10.10.0.{number}")
        _relate(demo, name, "connects_to", CORE)


def _school(demo: Demo, code: str, number: int) -> None:
    closets = [each for each in demo.locations if _is_closet(each, code)]
    subnet, prefix = f"10.{10 + number * 10}.0", code.lower()
    distribution = f"{prefix}-dist-01"
    place = {"location": closets[0], "management_ip": f"{subnet}.2"}
    _item(demo, distribution, "switch", **place, ports=24)
    _relate(demo, distribution, "connects_to", CORE)
    points = 0
    for place_number, closet in enumerate(closets, 1):
        access = f"{prefix}-acc-{place_number:02}"
        place = {"location": closet, "management_ip": f"{subnet}.{10 + place_number}"}
        _item(demo, access, "switch", **place, ports=demo.chance.choice((24, 48)))
        _relate(demo, access, "connects_to", distribution)
        for _ in range(ACCESS_POINTS):
            points += 1
            point = f"{prefix}-ap-{points:02}"
            place = {"location": closet.removesuffix(f"-{CLOSET}")}
            channel = demo.chance.choice((36, 40, 44, 48, 149, 153))
            _item(demo, point, "access point", **place, channel=channel)
            _relate(demo, point, "connects_to", access)


def _is_closet(location: str, school: str) -> bool:
    return location.startswith(f"{school}-") and location.endswith(f"-{CLOSET}")


def _item(
    demo: Demo, name: str, type_: str, *, description: str | None = None, **attributes: Any
) -> None:
    """What the district has bought for that is there from then on."""
    body = ConfigurationItemCreate(
        name=name,
        ci_type=type_,
        description=description,
        asset_id=install(demo, type_, attributes["location"]) if type_ in HARDWARE else None,
        attributes=attributes,
    )
    demo.items[name] = ConfigurationItems(demo.scope).create(body.model_dump())


def _relate(demo: Demo, source: str, type_: str, target: str) -> None:
    body = RelationshipCreate(target_id=demo.items[target]["id"], relationship_type=type_)
    Relationships(demo.scope, {"ci_id": demo.items[source]["id"]}).create(body.model_dump())
