"""The district's schools in last year and this: pupils, where they learn and where they went, and
staff, where they work and as what."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Table, select

from education.assignments.schemas import EmploymentAssignmentCreate
from education.assignments.service import EmploymentAssignments
from education.employments.schemas import EmploymentCreate
from education.employments.service import Employments
from education.enrollments.schemas import EnrollmentCreate
from education.enrollments.service import Enrollments
from education.school_calendars import SchoolCalendarCreate, SchoolCalendars
from education.school_years import SchoolYearCreate, SchoolYears
from education.schools import SchoolCreate, Schools
from education.tables import employment_assignment_types, school_grade_levels
from local.demo.ids import make
from local.demo.places import SCHOOLS
from local.demo.session import Demo
from nexus.access.scope import ROOT_TENANT_ID
from nexus.records.reading import Record

# By the school's code the grades that it has, lowest first.
GRADES = {
    "HBE": ("KG", "01", "02", "03", "04", "05"),
    "LKE": ("KG", "01", "02", "03", "04", "05"),
    "LKM": ("06", "07", "08"),
    "LKH": ("09", "10", "11", "12"),
}
FIRST_MONTH, FIRST_DAY = 8, 20  # when classes begin
ALUMNI = 10  # pupils of last year who have graduated
LEAVERS, MOVERS, RETURNED = 5, 4, 2
TITLES = (
    ("Teacher", "Teacher", 44),
    ("Principal", "Principal", 4),
    ("Counselor", "Counselor", 4),
    ("Librarian", "Librarian", 3),
    ("Paraprofessional", "Paraprofessional", 6),
    ("Office manager", "Office staff", 4),
)
SHARED_STAFF = 4  # who work at two schools


class Year(NamedTuple):
    id: str
    first: date
    last: date
    calendars: dict[str, str]  # by the school's code


def schooling(demo: Demo) -> None:
    """Schools and years, then who learns, then who works."""
    schools = {
        site.code: make(
            Schools(demo.scope),
            site.code,
            SchoolCreate(
                name=site.name, code=site.code, location_id=demo.locations[site.code]["id"]
            ),
        )["id"]
        for site in SCHOOLS
    }
    today = datetime.now(UTC).date()
    began = today.year if (today.month, today.day) >= (FIRST_MONTH, 1) else today.year - 1
    before = _year(demo, schools, began - 1, "last year")
    now = _year(demo, schools, began, "this year")
    SchoolYears(demo.scope).make_current(now.id)
    demo.plan_anew()
    _learn(demo, before, now)
    demo.plan_anew()
    _work(demo, schools, now)


def _year(demo: Demo, schools: dict[str, str], began: int, called: str) -> Year:
    first, last = date(began, FIRST_MONTH, 1), date(began + 1, FIRST_MONTH, 1) - timedelta(1)
    body = SchoolYearCreate(name=f"{began}/{began + 1}", start_date=first, end_date=last)
    year_id = make(SchoolYears(demo.scope), called, body)["id"]
    calendars = {}
    for code, school_id in schools.items():
        calendar = SchoolCalendarCreate(calendar_id=year_id, name="Regular")
        within = {"school_id": school_id}
        calendars[code] = make(SchoolCalendars(demo.scope, within), f"{code} {called}", calendar)[
            "id"
        ]
    return Year(year_id, first, last, calendars)


def _learn(demo: Demo, before: Year, now: Year) -> None:
    """Who is in high school was there last year too; of the others that is not told. The last have
    graduated."""
    grades = _shared(demo, school_grade_levels, "code")
    pupils = [person["id"] for code, person in demo.persons.items() if code.startswith("P-")]
    pupils, alumni = pupils[:-ALUMNI], pupils[-ALUMNI:]
    codes = [(code, grade) for code, of_school in GRADES.items() for grade in of_school]
    here: dict[str, list[Record]] = {code: [] for code in GRADES}
    for number, person_id in enumerate(pupils):
        code, grade = codes[number * len(codes) // len(pupils)]
        was = _grade_before(code, grade)
        if was:
            old = _enroll(demo, before, code, person_id, grades[was])
            Enrollments(demo.scope).withdraw(old["id"], before.last, "End of the school year")
            here[code].append(
                Enrollments(demo.scope).reenroll(
                    old["id"], _classes(now), now.calendars[code], grades[grade]
                )
            )
            continue
        here[code].append(_enroll(demo, now, code, person_id, grades[grade]))
    for person_id in alumni:
        old = _enroll(demo, before, "LKH", person_id, grades["12"])
        Enrollments(demo.scope).graduate(old["id"], before.last - timedelta(45))
    _move_about(demo, now, here)


def _grade_before(code: str, grade: str) -> str | None:
    """The grade of last year, where that was told of."""
    of_school = GRADES[code]
    place = of_school.index(grade)
    return of_school[place - 1] if code == "LKH" and place else None


def _move_about(demo: Demo, now: Year, here: dict[str, list[Record]]) -> None:
    """Some have left, some came back, some went to the other school."""
    today = datetime.now(UTC).date()
    for place, pupil in enumerate(here["HBE"][:LEAVERS]):
        left = min(max(today - timedelta(20 * place), pupil["entry_date"]), now.last)
        Enrollments(demo.scope).withdraw(pupil["id"], left, "Moved away")
        if place < RETURNED:
            Enrollments(demo.scope).reenroll(pupil["id"], left)
    for pupil in here["LKE"][:MOVERS]:
        Enrollments(demo.scope).transfer(
            pupil["id"], now.calendars["HBE"], reason="Moved to the other side of the lake"
        )


def _enroll(demo: Demo, year: Year, code: str, person_id: str, grade_id: str) -> Record:
    body = EnrollmentCreate(
        person_id=person_id,
        calendar_id=year.calendars[code],
        grade_level_id=grade_id,
        entry_date=_classes(year),
    )
    return Enrollments(demo.scope).create(body.model_dump())


def _classes(year: Year) -> date:
    """When classes begin."""
    return date(year.first.year, FIRST_MONTH, FIRST_DAY)


def _work(demo: Demo, schools: dict[str, str], now: Year) -> None:
    """Each at a school, some at two; one has retired, one was dismissed, one is to come."""
    types = _shared(demo, employment_assignment_types, "name")
    staff = [person["id"] for code, person in demo.persons.items() if code.startswith("S-")]
    roles = [(title, kind) for title, kind, many in TITLES for _ in range(many)]
    codes = list(schools)
    employments: list[Record] = []
    for number, (person_id, (title, kind)) in enumerate(zip(staff, roles, strict=False)):
        code = codes[number % len(codes)]
        body = EmploymentCreate(person_id=person_id, school_id=schools[code], title=title)
        employment = Employments(demo.scope).create(body.model_dump())
        if number == len(roles) - 1:  # who has not begun
            continue
        hired = now.first - timedelta(365 * demo.chance.randint(0, 14))
        employments.append(Employments(demo.scope).hire(employment["id"], hired))
        at = [code, codes[(number + 1) % len(codes)]] if number < SHARED_STAFF else [code]
        _assign(demo, now, schools, at, employment["id"], types[kind])
    last = min(datetime.now(UTC).date(), now.last)
    *_, dismissed, retired = employments
    Employments(demo.scope).retire(retired["id"], last, "After many years")
    Employments(demo.scope).terminate(dismissed["id"], last)


def _assign(
    demo: Demo,
    year: Year,
    schools: dict[str, str],
    at: Sequence[str],
    employment_id: str,
    type_id: str,
) -> None:
    for code in at:
        body = EmploymentAssignmentCreate(
            employment_id=employment_id,
            school_id=schools[code],
            calendar_id=year.calendars[code],
            type_id=type_id,
            start_date=year.first,
        )
        made = EmploymentAssignments(demo.scope).create(body.model_dump())
        EmploymentAssignments(demo.scope).start(made["id"])


def _shared(demo: Demo, table: Table, member: str) -> dict[str, str]:
    """The ids of what all tenants share, by a member."""
    c = table.c
    named = select(c[member].label("name"), c.id).where(c.tenant_id == ROOT_TENANT_ID)
    return {row.name: row.id for row in demo.scope.execute(named)}
