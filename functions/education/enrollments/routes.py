"""The routes of enrollments."""

from education.enrollments.schemas import (
    EnrollmentCreate,
    EnrollmentExit,
    EnrollmentOfCalendarCreate,
    EnrollmentTransfer,
    EnrollmentUpdate,
    Reenrollment,
)
from education.enrollments.service import Enrollments
from nexus.http.routes import add_action, add_create, add_list, crud_router

OF_CALENDAR = "/school-calendars/{school_calendar_id}/enrollments"

router = crud_router(Enrollments, EnrollmentCreate, EnrollmentUpdate)
add_action(router, Enrollments, "withdraw", Enrollments.withdraw, EnrollmentExit)
add_action(router, Enrollments, "graduate", Enrollments.graduate, EnrollmentExit)
add_action(router, Enrollments, "reenroll", Enrollments.reenroll, Reenrollment, 201)
add_action(router, Enrollments, "transfer", Enrollments.transfer, EnrollmentTransfer, 201)
add_list(
    router,
    Enrollments,
    "/persons/{person_id}/school-enrollments",
    "school_enrollments.list_of_person",
)
add_list(router, Enrollments, OF_CALENDAR, "school_enrollments.list_of_calendar")
add_create(
    router,
    Enrollments,
    OF_CALENDAR,
    EnrollmentOfCalendarCreate,
    "school_enrollments.create_of_calendar",
)
add_list(
    router, Enrollments, "/schools/{school_id}/enrollments", "school_enrollments.list_of_school"
)
add_list(
    router,
    Enrollments,
    "/school-years/{school_year_id}/enrollments",
    "school_enrollments.list_of_school_year",
)
