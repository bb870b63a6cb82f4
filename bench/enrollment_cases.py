"""What `bench.enrollments` asks for: the paths, by what they are about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bench.known import HOW_OFTEN, Known, border, cursor, deep, ranges

TABLE = "school_enrollments"
STATUSES = ("enrolled", "withdrawn", "graduated", "transferred")
SORTS = ("id", "updated_at", "entry_date", "exit_date", "person.sort_name")
BY_NAME = "person.sort_name"
COLUMNS = {BY_NAME: "person_sort"}
SHOWN = "expand=person,grade_level"
EXPANDED = "expand=person,calendar,school,school_year,grade_level"
REFERENCES = (
    "person_id",
    "calendar_id",
    "school_id",
    "school_year_id",
    "grade_level_id",
    "previous_id",
    "transferred_to_id",
)
YEARS = "SELECT id, start_date FROM school_years WHERE tenant_id = :tenant ORDER BY start_date"
CALENDAR = """
    SELECT calendar_id FROM school_enrollments WHERE tenant_id = :tenant AND school_id = :school
    AND school_year_id = :year GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
"""


@dataclass(frozen=True)
class Year:
    """A school year, from its first day on."""

    name: str
    id: str
    first: date

    @property
    def days(self) -> dict[str, date]:
        told = {"the first day": 0, "an early day": 20, "a middle day": 110, "a late day": 350}
        return {name: self.first + timedelta(days) for name, days in told.items()}


@dataclass(frozen=True)
class Place:
    """What enrollments are listed below, and the rows that the list has."""

    name: str
    path: str
    rows: str
    ids: str = ""


class Enrollments(Known):
    def years(self) -> list[Year]:
        """The current, one before and the first."""
        found = self.connection.exec_driver_sql(YEARS.replace(":tenant", f"'{self.tenant}'")).all()
        chosen = {"current": found[-1], "old": found[len(found) // 2], "first": found[0]}
        return [Year(name, row[0], row[1]) for name, row in chosen.items()]

    def calendar(self, school: str, year: str) -> str:
        return str(self.one(CALENDAR, school=school, year=year))

    def place(self, name: str, path: str, ids: str, **of: str) -> Place:
        conditions = [f"i.{column} = '{value}'" for column, value in of.items()]
        rows = " AND ".join([f"{TABLE} i WHERE i.tenant_id = :tenant", *conditions])
        return Place(name, path, rows, ids)

    def everywhere(self) -> Place:
        return self.place("all", "/school-enrollments", "")

    def school(self, name: str, id_: str) -> Place:
        return self.place(f"school {name}", f"/schools/{id_}/enrollments", id_, school_id=id_)

    def year(self, year: Year) -> Place:
        path = f"/school-years/{year.id}/enrollments"
        return self.place(f"year {year.name}", path, year.id, school_year_id=year.id)

    def class_list(self, name: str, id_: str) -> Place:
        path = f"/school-calendars/{id_}/enrollments"
        return self.place(f"calendar {name}", path, id_, calendar_id=id_)

    def person(self, name: str, id_: str) -> Place:
        path = f"/persons/{id_}/school-enrollments"
        return self.place(f"person {name}", path, id_, person_id=id_)

    def schools(self) -> dict[str, str]:
        """The largest, one of middle size and the smallest."""
        return dict(zip(("large", "middle", "small"), self.values("school_id", TABLE), strict=True))


def pages(
    known: Known, place: Place, sort: str, asked: str = "", condition: str = "true"
) -> Iterator[tuple[str, str]]:
    """The first page of what a list is asked for, one in the middle, the last, and where the values
    end; `condition` is what `asked` says, of i."""
    name = sort.removeprefix("-")
    query = "&".join(part for part in (f"sort={sort}", asked) if part)
    yield sort, f"{place.path}?{query}"
    column = f"i.{COLUMNS.get(name, name)}"
    is_down = sort != name
    rows = f"{place.rows} AND {condition}"
    if known.one(f"SELECT count(*) FROM {rows}") > 100:
        ends = border(known, rows, column, is_down=is_down, nulls_come_last=not is_down)
        for where, keys in ends.items():
            begun = cursor(query, keys, f"Enrollments {known.tenant} {place.ids}")
            yield f"{sort}, {where}", f"{place.path}?{query}&cursor={begun}"


def on(day: date) -> str:
    return f"i.entry_date <= '{day}' AND coalesce(i.exit_date, 'infinity') >= '{day}'"


def rosters(known: Enrollments) -> dict[str, str]:
    """Who is in a school, a class or a year, by name: what people look at all day."""
    found: dict[str, str] = {}
    grade = known.values("grade_level_id", TABLE)[0]
    for year in known.years():
        in_year, is_in_year = f"school_year_id={year.id}", f"i.school_year_id = '{year.id}'"
        places = [(known.year(year), "", "true")]
        for name, school in known.schools().items():
            places += [(known.school(name, school), in_year, is_in_year)]
            calendar = known.calendar(school, year.id)
            places += [(known.class_list(f"of {name}, {year.name}", calendar), "", "true")]
        for place, limited, condition in places:
            of_year = f"{place.name} in {year.name}" if limited else place.name
            asked = f"{limited}&{SHOWN}".strip("&")
            for sort in (BY_NAME, f"-{BY_NAME}"):
                for where, path in pages(known, place, sort, asked, condition):
                    found[f"roster {of_year}, {where}"] = path
            path = f"{place.path}?{asked}"
            found |= {
                f"roster {of_year}, by id": path,
                f"roster {of_year}, limit=200": f"{path}&sort={BY_NAME}&limit=200",
                f"roster {of_year}, of a grade": f"{path}&grade_level_id={grade}",
                f"roster {of_year}, of a grade, name": (
                    f"{path}&grade_level_id={grade}&sort={BY_NAME}"
                ),
            }
            for status in STATUSES:
                for sort in ("id", "-id", BY_NAME, "-exit_date", "-updated_at"):
                    told = f"roster {of_year}, {status}, {sort}"
                    found[told] = f"{path}&status={status}&sort={sort}"
    return found | histories(known) | days(known)


def histories(known: Enrollments) -> dict[str, str]:
    """A person's."""
    found: dict[str, str] = {}
    for name, id_ in zip(HOW_OFTEN, known.values("person_id", TABLE), strict=True):
        place = known.person(name, id_)
        for sort in SORTS:
            for direction in ("", "-"):
                found[f"{place.name}, {direction}{sort}"] = f"{place.path}?sort={direction}{sort}"
        found[f"{place.name}, expand"] = f"{place.path}?expand=school,school_year,grade_level"
        for year in known.years():
            found[f"{place.name}, {year.name}"] = f"{place.path}?school_year_id={year.id}"
        for status in STATUSES:
            found[f"{place.name}, {status}"] = f"{place.path}?status={status}"
    return found


def days(known: Enrollments) -> dict[str, str]:
    """Who was there on a day, in all that enrollments are listed below."""
    found: dict[str, str] = {}
    for year in known.years():
        places = [known.everywhere(), known.year(year)]
        for name, school in known.schools().items():
            calendar = known.calendar(school, year.id)
            places += [known.school(name, school)]
            places += [known.class_list(f"of {name}, {year.name}", calendar)]
        person = known.values("person_id", TABLE)[0]
        places += [known.person("frequent", person)]
        for place in places:
            for day_name, day in year.days.items():
                told = f"as_of {place.name}, {day_name} of {year.name}"
                for where, path in pages(known, place, BY_NAME, f"{SHOWN}&as_of={day}", on(day)):
                    found[f"{told}, {where}"] = path
                for asked in ("", "sort=-id", "sort=-entry_date", "sort=exit_date"):
                    path = f"{place.path}?as_of={day}&{asked}".strip("&")
                    found[f"{told}, {asked or 'by id'}"] = path
        day, path = year.days["a middle day"], "/school-enrollments"
        for status in STATUSES:
            found[f"as_of all, {year.name}, {status}"] = f"{path}?as_of={day}&status={status}"
            named = f"{path}?as_of={day}&status={status}&sort={BY_NAME}"
            found[f"as_of all, {year.name}, {status}, name"] = named
    outside = {"long ago": "1990-01-01", "in a time to come": "2090-01-01"}
    for told, never in outside.items():
        for sort in ("id", BY_NAME, "-updated_at"):
            found[f"as_of all, {told}, {sort}"] = f"/school-enrollments?as_of={never}&sort={sort}"
    return found


def filters(known: Enrollments) -> dict[str, str]:
    """Of each filter what is frequent, between, and rare."""
    asked: dict[str, str] = {
        "all": "",
        "all, limit=200": "limit=200",
        "expand of five": EXPANDED,
        "expand of five, limit=200": f"{EXPANDED}&limit=200",
    }
    for member in (*REFERENCES, "status"):
        values = known.values(member, TABLE)
        for often, value in zip(HOW_OFTEN, values, strict=True):
            asked[f"{member} {often}"] = f"{member}={value}"
            asked[f"{member} {often}, -id"] = f"{member}={value}&sort=-id"
            asked[f"{member} {often}, name"] = f"{member}={value}&sort={BY_NAME}"
            asked[f"{member} not {often}"] = f"{member}__ne={value}"
        asked[f"{member} of two"] = f"{member}={values[0]},{values[2]}"
        asked[f"{member} of two, name"] = f"{member}={values[0]},{values[2]}&sort={BY_NAME}"
        asked[f"{member} none"] = f"{member}__isnull=true"
        asked[f"{member} any"] = f"{member}__isnull=false"
    for member in ("entry_date", "exit_date", "updated_at", "created_at"):
        asked |= ranges(known, TABLE, member)
        asked[f"{member} none"] = f"{member}__isnull=true"
        asked[f"{member} any"] = f"{member}__isnull=false"
    for member in ("withdrawn_at", "graduated_at", "transferred_at"):
        asked[f"{member} none"] = f"{member}__isnull=true"
        asked[f"{member} any"] = f"{member}__isnull=false"
    grades = dict(zip(HOW_OFTEN, known.values("grade_level_id", TABLE), strict=True))
    for year in known.years():
        asked |= of_year(known, year, grades) | in_middle(year)
    asked |= of_school(known, grades)
    found = {f"filter {name}": f"/school-enrollments?{query}" for name, query in asked.items()}
    return found | ranges_below(known)


def of_year(known: Enrollments, year: Year, grades: Mapping[str, str]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for status in STATUSES:
        for sort in ("id", "-id", "-updated_at", "-exit_date", "entry_date", BY_NAME):
            asked[f"{status}, {sort}"] = f"status={status}&sort={sort}"
    for name, school in known.schools().items():
        for sort in ("id", "-id", "-updated_at", BY_NAME):
            asked[f"{name} school, {sort}"] = f"school_id={school}&sort={sort}"
        for status in STATUSES:
            asked[f"{name} school, {status}"] = f"school_id={school}&status={status}"
    for often, grade in grades.items():
        for sort in ("id", "-id", BY_NAME):
            asked[f"grade {often}, {sort}"] = f"grade_level_id={grade}&sort={sort}"
    return {
        f"{year.name} year, {name}": f"school_year_id={year.id}&{query}"
        for name, query in asked.items()
    }


def in_middle(year: Year) -> dict[str, str]:
    """What began, ended or changed while a year was on."""
    asked: dict[str, str] = {}
    start, end = year.days["an early day"], year.days["a middle day"]
    for member in ("entry_date", "exit_date", "updated_at"):
        told = f"{member} in the middle of {year.name}"
        between = f"{member}__gte={start}&{member}__lt={end}"
        asked |= {
            told: between,
            f"{told}, name": f"{between}&sort={BY_NAME}",
            f"{told}, of it": f"{between}&school_year_id={year.id}",
            f"{told}, withdrawn": f"{between}&status=withdrawn",
        }
    return asked


def of_school(known: Enrollments, grades: Mapping[str, str]) -> dict[str, str]:
    asked: dict[str, str] = {}
    for name, school in known.schools().items():
        for status in STATUSES:
            for sort in ("id", BY_NAME):
                told = f"{name} school, {status}, {sort}"
                asked[told] = f"school_id={school}&status={status}&sort={sort}"
        for often, grade in grades.items():
            asked[f"{name} school, grade {often}"] = f"school_id={school}&grade_level_id={grade}"
    for often, grade in grades.items():
        for status in STATUSES:
            asked[f"grade {often}, {status}"] = f"grade_level_id={grade}&status={status}"
    return asked


def ranges_below(known: Enrollments) -> dict[str, str]:
    """Ranges of a school's and of a year's."""
    found: dict[str, str] = {}
    places = [known.school(name, id_) for name, id_ in known.schools().items()]
    places += [known.year(year) for year in known.years()]
    for place in places:
        for member in ("entry_date", "exit_date", "updated_at"):
            for part in (0.01, 0.5, 0.99):
                at = known.quantile(TABLE, member, part)
                told = f"{place.name}, {member}"
                found[f"{told} up to {part:.0%}"] = f"{place.path}?{member}__lte={at}"
                found[f"{told} from {part:.0%}"] = f"{place.path}?{member}__gte={at}"
                by_name = f"{place.path}?{member}__gte={at}&sort={BY_NAME}"
                found[f"{told} from {part:.0%}, name"] = by_name
    return found


def sorts(known: Enrollments) -> dict[str, str]:
    """Each sort in both directions, in all that enrollments are listed below."""
    schools, years = known.schools(), known.years()
    places = [known.everywhere()]
    places += [known.school(name, id_) for name, id_ in schools.items()]
    places += [known.year(year) for year in years]
    places += [
        known.class_list(f"of {name}, {year.name}", known.calendar(schools[name], year.id))
        for name in ("large", "small")
        for year in years[:2]
    ]
    found: dict[str, str] = {}
    for place in places:
        for sort in SORTS:
            for direction in ("", "-"):
                for where, path in pages(known, place, f"{direction}{sort}"):
                    found[f"sort {place.name}, {where}"] = path
    in_year = f"school_year_id={years[0].id}", f"i.school_year_id = '{years[0].id}'"
    for name, id_ in schools.items():
        place = known.school(name, id_)
        for sort in SORTS:
            for direction in ("", "-"):
                for where, path in pages(known, place, f"{direction}{sort}", *in_year):
                    found[f"sort {place.name}, this year, {where}"] = path
    for member in ("updated_at", "entry_date", "exit_date"):
        found |= deep(known, "/school-enrollments", TABLE, member, "Enrollments")
    return found
