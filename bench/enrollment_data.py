"""What `bench.enrollments` measures: three tenants with as many persons each, who have some ten
enrollments in ten school years."""

from pathlib import Path

from bench.filling import Script

YEARS, SCHOOLS, PERSONS_OF_A_SCHOOL = 10, 70, 2_850
TABLES = ("school_enrollments", "persons")
OTHERS = ("schools", "school_years", "school_calendars")


def script(persons: int) -> Script:
    """Of few persons there are few schools, as large."""
    told = {"years": YEARS, "schools": min(SCHOOLS, max(8, persons // PERSONS_OF_A_SCHOOL))}
    # People enroll before the first of the years, the last of which may be all but over.
    return Script(Path(__file__).with_suffix(".sql"), told, TABLES, OTHERS, YEARS + 1)
