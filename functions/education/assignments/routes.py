"""The routes of employment assignments."""

from education.assignments.schemas import (
    AssignmentOfEmploymentCreate,
    EmploymentAssignmentCreate,
    EmploymentAssignmentEnd,
    EmploymentAssignmentRestart,
    EmploymentAssignmentStart,
    EmploymentAssignmentUpdate,
)
from education.assignments.service import EmploymentAssignments
from nexus.http.routes import add_action, add_create, add_list, crud_router

OF_EMPLOYMENT = "/school-employments/{school_employment_id}/assignments"
ASSIGNMENTS = "school_employment_assignments"

router = crud_router(EmploymentAssignments, EmploymentAssignmentCreate, EmploymentAssignmentUpdate)
add_action(
    router, EmploymentAssignments, "start", EmploymentAssignments.start, EmploymentAssignmentStart
)
add_action(router, EmploymentAssignments, "end", EmploymentAssignments.end, EmploymentAssignmentEnd)
add_action(
    router,
    EmploymentAssignments,
    "reactivate",
    EmploymentAssignments.reactivate,
    EmploymentAssignmentRestart,
)
add_list(router, EmploymentAssignments, OF_EMPLOYMENT, f"{ASSIGNMENTS}.list_of_employment")
add_create(
    router,
    EmploymentAssignments,
    OF_EMPLOYMENT,
    AssignmentOfEmploymentCreate,
    f"{ASSIGNMENTS}.create_of_employment",
)
for _path, _of in (
    ("/schools/{school_id}/employment-assignments", "school"),
    ("/school-calendars/{school_calendar_id}/employment-assignments", "calendar"),
    ("/persons/{person_id}/school-employment-assignments", "person"),
):
    add_list(router, EmploymentAssignments, _path, f"{ASSIGNMENTS}.list_of_{_of}")
