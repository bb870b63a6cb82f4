"""Records that have the same ids in every fresh database, for the API's document to show: its
examples work as they stand. Each resource has one to read, and one for what cannot be undone."""

from local.demo.known.access import access, other_tenants
from local.demo.known.issues import issues
from local.demo.known.pupils import pupils
from local.demo.known.staff import staff
from local.demo.known.things import things
from local.demo.session import Demo


def known(demo: Demo) -> None:
    """An administrator's own work, who may do with it whatever is shown."""
    access(demo)
    things(demo)
    pupils(demo)
    staff(demo)
    issues(demo)
    other_tenants(demo)
