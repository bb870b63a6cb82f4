"""Words of one and two letters are found like longer ones, inside of words and at their ends."""

import pytest

from tests.support.api import Api
from tests.support.makers import new_person
from tests.support.people import World

NAMES = {
    "Ann Wu",
    "Wulf Berg",
    "Dan Kawuli",
    "Uwe 李小龍",
    "Eva Straße",
    "Ida Lossædal",
    "Griff Fiala",
    "Leo Ruffin",
    "Tea a_b",
    "Pia Full\uff3fWidth",
    "Max 50%",
    "Kim back\\slash",
}


@pytest.fixture(scope="module")
def member(world: World) -> Api:
    tenant = world.new_tenant()
    for name in NAMES:
        new_person(tenant.member, *name.split())
    return tenant.member


@pytest.mark.parametrize("path", ["/persons", "/identities"])
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("wu", {"Ann Wu", "Wulf Berg", "Dan Kawuli"}),
        ("WÜ", {"Ann Wu", "Wulf Berg", "Dan Kawuli"}),
        ("uw", {"Uwe 李小龍"}),
        ("w", {"Ann Wu", "Wulf Berg", "Dan Kawuli", "Uwe 李小龍", "Pia Full\uff3fWidth"}),
        ("wu an", {"Ann Wu", "Dan Kawuli"}),
        ("wu kawuli", {"Dan Kawuli"}),
        ("wu \N{COMBINING ACUTE ACCENT}", {"Ann Wu", "Wulf Berg", "Dan Kawuli"}),
        ("nw", set()),
        ("李", {"Uwe 李小龍"}),
        ("小", {"Uwe 李小龍"}),
        ("小龍", {"Uwe 李小龍"}),
        ("李龍", set()),
        ("ß", {"Eva Straße", "Ida Lossædal"}),
        ("æ", {"Ida Lossædal"}),
        ("ßæ", {"Ida Lossædal"}),
        ("ßß", set()),
        ("\N{LATIN SMALL LIGATURE FFI}", {"Leo Ruffin"}),
        ("_", {"Tea a_b", "Pia Full\uff3fWidth"}),
        ("\uff3f", {"Tea a_b", "Pia Full\uff3fWidth"}),
        ("a_", {"Tea a_b"}),
        ("l\uff3f", {"Pia Full\uff3fWidth"}),
        ("%", {"Max 50%"}),
        ("\uff05", {"Max 50%"}),
        ("0%", {"Max 50%"}),
        ("a%", set()),
        ("\\", {"Kim back\\slash"}),
        ("\uff3c", {"Kim back\\slash"}),
        ("k\\", {"Kim back\\slash"}),
        ("\\_", set()),
    ],
)
def test_a_short_word_is_found(member: Api, path: str, asked: str, names: set[str]) -> None:
    expand = "current_identity" if path == "/persons" else "person"
    found = member.items(path, q=asked, expand=expand)
    assert {item[expand]["name"] for item in found} == names
