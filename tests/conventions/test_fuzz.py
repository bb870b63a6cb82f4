"""The running server against its own document: made-up requests get documented answers."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Session
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.census.people import new_contact
from tests.conventions.routes import Promised, promised
from tests.support.api import Api, Json
from tests.support.people import Tenant, World, unique
from tests.support.records import new_item, new_location, relate

EXAMPLES = 20
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ENDING = {"/me/signout", "/me/sessions/{session_id}"}


class FromElsewhere(HTTPAdapter):
    """Its sign-ins fail: they must not lock the other tests' address."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options, source_address=("127.2.0.1", 0))


@pytest.fixture(scope="module")
def http() -> Iterator[Session]:
    with Session() as session:
        session.mount("http://", FromElsewhere())
        yield session


@pytest.fixture(scope="module")
def schema(world: World) -> schemathesis.BaseSchema:
    document = world.stranger().get("/openapi.json")
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def place(world: World) -> Tenant:
    return world.new_tenant()


def fresh_ids(world: World, place: Tenant, caller: Api, path: str) -> Json:
    """A record for each parameter of a path, for one operation that may well delete it."""
    group = place.new_group()
    person = caller.post("/persons", {"identity": {"first_name": "F", "last_name": "Z"}})
    makers: dict[str, Callable[[], str]] = {
        "tenant_id": lambda: world.new_tenant(caller.within(None)).id,
        "group_id": lambda: str(group["id"]),
        "user_id": lambda: str(world.new_user(place.admin).user["id"]),
        "membership_id": lambda: str(place.add(group, user_id=caller.user["id"])["id"]),
        "session_id": lambda: str(caller.items("/me/sessions")[0]["id"]),
        "audit_event_id": lambda: str(caller.items("/audit-events", limit=1)[0]["id"]),
        "location_type_id": lambda: str(new_type(caller)["id"]),
        "location_id": lambda: str(new_location(caller)["id"]),
        "ci_id": lambda: str(new_item(caller)["id"]),
        "relationship_id": lambda: str(relate(caller, new_item(caller), new_item(caller))["id"]),
        "person_id": lambda: str(person["id"]),
        "identity_id": lambda: str(person["current_identity_id"]),
        "contact_id": lambda: str(new_contact(caller, person)["id"]),
    }
    return {name: makers[name]() for name in re.findall(r"\{(\w+)\}", path)}


def new_type(caller: Api) -> Json:
    made: Json = caller.post("/location-types", {"name": unique("Fuzzed")})
    return made


def named(route: Promised) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", promised(), ids=named)
def test_made_up_requests_get_documented_answers(
    world: World, schema: schemathesis.BaseSchema, place: Tenant, http: Session, route: Promised
) -> None:
    callers = [world.new_admin(place)]
    ids = fresh_ids(world, place, callers[0], route.path)
    operation = schema[route.path][route.method]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, is_real=st.booleans())
    def fuzz(case: schemathesis.Case[Any], is_real: bool) -> None:
        if is_real:
            case.path_parameters.update(ids)
        case.headers.pop("X-Tenant-Id", None)
        case.query.pop("fields", None)  # leaves members out that the schema calls required
        response = case.call(world.base_url, http, credentials(callers[-1]))
        case.validate_response(response, checks=CHECKS)
        if route.path in ENDING:
            callers.append(world.again(callers[-1]))

    fuzz()


def credentials(caller: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}", "X-Tenant-Id": str(caller.tenant_id)}
