"""The routes of employments."""

from education.employments.schemas import (
    EmploymentCreate,
    EmploymentEnd,
    EmploymentHire,
    EmploymentUpdate,
)
from education.employments.service import Employments
from nexus.http.routes import add_action, crud_router

router = crud_router(Employments, EmploymentCreate, EmploymentUpdate)
add_action(router, Employments, "hire", Employments.hire, EmploymentHire)
add_action(router, Employments, "terminate", Employments.terminate, EmploymentEnd)
add_action(router, Employments, "reactivate", Employments.reactivate, EmploymentHire)
add_action(router, Employments, "retire", Employments.retire, EmploymentEnd)
