"""The education API's table of contents."""

from education import (
    employment_assignment_types,
    school_calendars,
    school_grade_levels,
    school_years,
    schools,
)
from education.assignments import routes as assignments
from education.employments import routes as employments
from education.enrollments import routes as enrollments
from nexus.http.dispatch import Contents

router = Contents(tags=["education"])

# Where and when
router.include_router(schools.router)
router.include_router(school_years.router)
router.include_router(school_calendars.router)

# Who learns
router.include_router(school_grade_levels.router)
router.include_router(enrollments.router)

# Who works
router.include_router(employment_assignment_types.router)
router.include_router(employments.router)
router.include_router(assignments.router)
