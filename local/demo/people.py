"""Staff and pupils: persons with the names they go by and the ways to reach them."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from census.persons.contacts import PersonContacts
from census.persons.identities import Identities
from census.persons.schemas import ContactCreate, ContactType, IdentityCreate, PersonCreate
from census.persons.service import Persons
from local.demo.session import DOMAIN, Demo
from local.demo.users import USERS
from nexus.records.reading import Record

STAFF, PUPILS = 70, 232
FIRST_NAMES = (
    "Aaliyah Adrián Aiko Álvaro Amina Anaïs Andre Anneliese Arjun Ava Björn Brianna Caleb Camila "
    "Carlos Chloé Daniel Deja Diego Elena Eli Émile Emma Ethan Farah Felix Gabriela Hannah Hiro "
    "Ibrahim Isaac Isabel Jada Jasmine José Julia Kai Kavya Kenji Lamar Layla Leila León Liam "
    "Lucía Maja Malik Maria Mateo Maya Mei Minh Nadia Naomi Niamh Noah Noémie Olga Omar Owen Priya "
    "Quinn Rafael Renée Rohan Rosa Ryan Samira Santiago Seán Sofía Soraya Tariq Thảo Theo Tobias "
    "Uma Valentina Víctor Wei Xavier Yara Yusuf Zainab Zachary"
)
LAST_NAMES = (
    "Abdi Adams Åberg Alvarez Anderson Bauer Begum Bennett Björk Brown Castañeda Chen Cohen Cruz "
    "Dąbrowska Davis Delacroix Diallo Dubois Dvořák Evans Fernández Fischer Flores García "
    "Gonçalves Green Gupta Hakimi Hansen Harris Hassan Hernández Hill Hoàng Hughes Ito Jackson "
    "Johnson Kaya Kelly Khan Kim Kowalski Kumar Lee Lefèvre López Martin Mbeki Mendoza Miller "
    "Müller Murphy Nguyễn Novák Núñez Obi O'Connor Olsen Park Patel Peña Pérez Petrov "
    "Popović Ramírez Reyes Robinson Rossi Sánchez Schäfer Silva Singh Smith Suzuki Taylor Thomas "
    "Torres Tran Varga Walker Wang Washington Williams Wójcik Wright Yang Young Zieliński"
)
PREFERRED = {"Alexander": "Alex", "Elizabeth": "Liz", "Guillermo": "Memo", "Wilhelmina": "Billie"}
STREETS = ("Birch Street", "Cedar Court", "Ferry Road", "Harbor Street", "Maple Avenue")
AREA_CODES = (206, 253, 360, 425)  # with 555-0100 to 555-0199, which belong to nobody


class Known(NamedTuple):
    """Someone to look for; who had another name has two identities."""

    names: Record
    former: Record | None = None


KNOWN = (
    Known(
        {"first_name": "Zoë", "last_name": "Ito"},
        {"first_name": "Zoë", "last_name": "Vandenberg"},
    ),
    Known({"first_name": "François", "last_name": "Lefèvre", "preferred_name": "Frank"}),
    Known(
        {"first_name": "Siobhán", "middle_name": "Máire", "last_name": "O'Connor-Reyes"},
        {"first_name": "Siobhán", "middle_name": "Máire", "last_name": "O'Connor"},
    ),
    Known(
        {
            "first_name": "Hồng",
            "middle_name": "Thị",
            "last_name": "Nguyễn",
            "preferred_name": "Rose",
        }
    ),
    Known(
        {"first_name": "Alex", "last_name": "Müller"},
        {"first_name": "Alexandra", "last_name": "Müller"},
    ),
    Known(
        {"first_name": "Renée", "last_name": "Castañeda", "preferred_name": "Ren"},
        {"first_name": "Renée", "last_name": "Smith"},
    ),
)


def people(demo: Demo) -> None:
    """Users first, then those to look for, then as many as make a small district."""
    numbers = [f"+1 {area} 555 {line:04}" for area in AREA_CODES for line in range(100, 200)]
    demo.chance.shuffle(numbers)
    phones, taken = iter(numbers), set[str]()
    known = iter(KNOWN)
    for number in range(STAFF):
        code = f"S-{1001 + number}"
        if number < len(USERS):
            username, full_name, _ = USERS[number]
            names = dict(zip(("first_name", "last_name"), full_name.split(), strict=True))
            person = _person(demo, code, names, user_id=demo.users[username]["id"])
            email = demo.users[username]["email"]
        else:
            someone = next(known, None) or Known(_names(demo))
            person = _person(demo, code, someone.names)
            if someone.former:
                _former(demo, person, someone.former)
            email = _email(someone.names, taken)
        if number == STAFF - 1:
            demo.persons[code] = Persons(demo.scope).archive(person["id"], "moved away")
            continue
        _reach(demo, person, "email", email, "work")
        _reach(demo, person, "phone", next(phones), "work")
    for number in range(PUPILS):
        names = _names(demo)
        person = _person(demo, f"P-{20001 + number}", names)
        _reach(demo, person, "email", _email(names, taken), "school")
        _reach_home(demo, person, phones)


def _reach_home(demo: Demo, person: Record, phones: Iterator[str]) -> None:
    """Some have told how to reach those at home, in one way or the other."""
    draw = demo.chance.random()
    if draw < 0.3:
        _reach(demo, person, "phone", next(phones), "guardian")
    elif draw < 0.4:
        address = f"{demo.chance.randint(1, 400)} {demo.chance.choice(STREETS)}, Lakeside"
        _reach(demo, person, "address", address, "home")


def _person(demo: Demo, external_id: str, names: Record, **more: str) -> Record:
    body = PersonCreate(external_id=external_id, identity=IdentityCreate(**names), **more)
    demo.persons[external_id] = Persons(demo.scope).create(body.model_dump())
    return demo.persons[external_id]


def _former(demo: Demo, person: Record, names: Record) -> None:
    """A name that is not in use any more, but that the person is found by."""
    identities = Identities(demo.scope, {"person_id": person["id"]})
    identity = identities.create(IdentityCreate(**names).model_dump())
    identities.deactivate(identity["id"], "name changed")


def _reach(demo: Demo, person: Record, type_: ContactType, value: str, label: str) -> None:
    body = ContactCreate(type=type_, value=value, label=label)
    PersonContacts(demo.scope, {"person_id": person["id"]}).create(body.model_dump())


def _names(demo: Demo) -> Record:
    names = {"last_name": demo.chance.choice(LAST_NAMES.split())}
    if demo.chance.random() < 0.06:
        first = demo.chance.choice(list(PREFERRED))
        return {"first_name": first, "preferred_name": PREFERRED[first], **names}
    return {"first_name": demo.chance.choice(FIRST_NAMES.split()), **names}


def _email(names: Record, taken: set[str]) -> str:
    """Of plain letters, with a number for those who share a name."""
    name = f"{names['first_name']}.{names['last_name']}".lower().replace("'", "")
    letters = unicodedata.normalize("NFKD", name.replace(" ", "-"))
    plain = letters.encode("ascii", "ignore").decode()
    address, number = plain, 1
    while address in taken:
        number += 1
        address = f"{plain}{number}"
    taken.add(address)
    return f"{address}@{DOMAIN}"
