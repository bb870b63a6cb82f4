"""The census API's table of contents."""

from fastapi import APIRouter

from census import persons
from census.contacts import routes as contacts
from census.identities import routes as identities

router = APIRouter(tags=["census"])

router.include_router(persons.router)

# Parts of a person, below it and by themselves
router.include_router(identities.router)
router.include_router(contacts.router)
