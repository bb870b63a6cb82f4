"""Pupils with names, contacts and enrollments, and what schools have."""

from datetime import date

from census.persons.contacts import IdentityContacts, PersonContacts
from census.persons.identities import Identities
from census.persons.schemas import ContactCreate, IdentityCreate
from education.enrollments.schemas import EnrollmentCreate
from education.enrollments.service import Enrollments
from education.school_calendars import SchoolCalendarCreate, SchoolCalendars
from education.school_grade_levels import GradeLevelCreate, SchoolGradeLevels
from education.school_years import SchoolYearCreate, SchoolYears
from education.schools import SchoolCreate, Schools
from local.demo.ids import id_of, make
from local.demo.known.persons import make_person
from local.demo.session import Demo

# By the name of the id; those with a school are enrolled there.
PUPILS = {
    "person": ("Maya", "Castellano", "LKE"),
    "leaver": ("Jonas", "Albrecht", "LKE"),
    "graduate": ("Imani", "Okoye", "LKH"),
    "mover": ("Lucas", "Ferreira", "LKE"),
    "returner": ("Sena", "Aydın", "LKE"),  # noqa: RUF001 - it is her name
    "dropout": ("Otto", "Lindgren", "LKE"),
    "new pupil": ("Noor", "Haddad", None),
    "new pupil2": ("Sami", "Haddad", None),
    "person2": ("Piotr", "Zawadzki", None),
}
FIRST_CODE = 21_001


def pupils(demo: Demo) -> None:
    _schools(demo)
    for number, (name, (first, last, school)) in enumerate(PUPILS.items()):
        make_person(demo.scope, name, f"P-{FIRST_CODE + number}", first, last)
        if school:
            _enroll(demo, name, school)
    Enrollments(demo.scope).withdraw(id_of("returner enr"), reason="Moved away")
    _names(demo)


def _schools(demo: Demo) -> None:
    grade = GradeLevelCreate(name="Transitional kindergarten", code="TK", ordinal=5)
    make(SchoolGradeLevels(demo.scope), "grade level", grade)
    grade = GradeLevelCreate(name="Preschool group", code="PS", ordinal=2)
    make(SchoolGradeLevels(demo.scope), "grade level2", grade)
    school = SchoolCreate(name="Lakeside Summer School", code="LSS")
    make(Schools(demo.scope), "school2", school)
    Schools(demo.scope).archive(id_of("school2"), "The high school teaches in summer now")
    year = SchoolYearCreate(
        name="Summer 2026", start_date=date(2026, 6, 15), end_date=date(2026, 7, 31)
    )
    make(SchoolYears(demo.scope), "school year2", year)
    evening = SchoolCalendarCreate(calendar_id=id_of("this year"), name="Evening classes")
    make(SchoolCalendars(demo.scope, {"school_id": id_of("LKH")}), "calendar2", evening)


def _enroll(demo: Demo, name: str, school: str) -> None:
    body = EnrollmentCreate(
        person_id=id_of(name),
        calendar_id=id_of(f"{school} this year"),
        grade_level_id=id_of("grade level") if school == "LKE" else None,
    )
    make(Enrollments(demo.scope), f"{name} enr", body)


def _names(demo: Demo) -> None:
    within = {"person_id": id_of("person")}
    former = IdentityCreate(first_name="Maya", last_name="Quintero")
    make(Identities(demo.scope, within), "identity2", former)
    for name, body in {
        "contact": ContactCreate(type="email", value="maya.c@lakeside.example", label="school"),
        "contact2": ContactCreate(type="phone", value="+1 206 555 0142", label="guardian"),
    }.items():
        make(PersonContacts(demo.scope, within), name, body)
    at = ContactCreate(type="email", value="maya.q@lakeside.example")
    named = {**within, "identity_id": id_of("identity2")}
    make(IdentityContacts(demo.scope, named), "contact3", at)
