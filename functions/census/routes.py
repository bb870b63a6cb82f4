"""The census API's table of contents."""

from census.persons import routes as persons
from nexus.http.dispatch import Contents

router = Contents(tags=["census"])

router.include_router(persons.router)
