"""Staff with employments in every state, and what they are assigned to."""

from datetime import date

from education.assignments.schemas import EmploymentAssignmentCreate
from education.assignments.service import EmploymentAssignments
from education.employment_assignment_types import (
    EmploymentAssignmentTypeCreate,
    EmploymentAssignmentTypes,
)
from education.employments.schemas import EmploymentCreate
from education.employments.service import Employments
from local.demo.ids import id_of, make
from local.demo.known.persons import make_person
from local.demo.session import Demo

HIRED = date(2025, 8, 1)
# By the name of the id; each has an employment but the last, who is to have one.
STAFF = {
    "teacher": ("Ingrid", "Halvorsen", "Substitute teacher"),
    "trainee": ("Mateus", "Barros", "Instructional coach"),
    "dismissed": ("Colin", "Archer", "Office assistant"),
    "retiree": ("Rosalind", "Pryce", "Librarian"),
    "former": ("Dana", "Kowalczyk", "Speech therapist"),
    "applicant": ("Yusra", "Rahimi", "Counselor"),
    "candidate": ("Tobias", "Lindqvist", ""),
}
FIRST_CODE = 1201
# Of the teacher: where, and whether it was started and ended.
ASSIGNMENTS = {
    "assignment a": ("LKE", 1),
    "assignment p": ("HBE", 0),
    "assignment e": ("LKM", 1),
    "assignment r": ("LKH", 2),
    "assignment d": ("HBE", 0),
}


def staff(demo: Demo) -> None:
    for name, type_ in (
        ("assignment type", "Substitute teacher"),
        ("assignment type2", "Study hall monitor"),
    ):
        made = EmploymentAssignmentTypeCreate(name=type_)
        make(EmploymentAssignmentTypes(demo.scope), name, made)
    for number, (name, (first, last, title)) in enumerate(STAFF.items()):
        make_person(demo.scope, name, f"S-{FIRST_CODE + number}", first, last)
        if title:
            body = EmploymentCreate(person_id=id_of(name), school_id=id_of("LKE"), title=title)
            make(Employments(demo.scope), f"{name} job", body)
    for name in ("teacher", "dismissed", "retiree", "former"):
        Employments(demo.scope).hire(id_of(f"{name} job"), HIRED)
    Employments(demo.scope).terminate(id_of("former job"), date(2026, 1, 2), "Moved away")
    _assign(demo)


def _assign(demo: Demo) -> None:
    assignments = EmploymentAssignments(demo.scope)
    for name, (school, steps) in ASSIGNMENTS.items():
        body = EmploymentAssignmentCreate(
            employment_id=id_of("teacher job"),
            school_id=id_of(school),
            calendar_id=id_of(f"{school} this year"),
            type_id=id_of("assignment type"),
        )
        make(EmploymentAssignments(demo.scope), name, body)
        for step in (assignments.start, assignments.end)[:steps]:
            step(id_of(name))
