"""The routes of employments."""

from education.employments.schemas import EmploymentCreate, EmploymentUpdate, End, Hire
from education.employments.service import Employments
from nexus.http.routes import add_action, crud_router

router = crud_router(Employments, EmploymentCreate, EmploymentUpdate)
add_action(router, Employments, "hire", Employments.hire, Hire)
add_action(router, Employments, "terminate", Employments.terminate, End)
add_action(router, Employments, "reactivate", Employments.reactivate, Hire)
add_action(router, Employments, "retire", Employments.retire, End)
