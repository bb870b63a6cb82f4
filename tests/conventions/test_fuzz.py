"""The running server against its own document: made-up requests get documented answers."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Session
from requests.adapters import HTTPAdapter
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conventions.routes import Promised, promised
from tests.support.api import Api
from tests.support.documented import collections, first_alike
from tests.support.makers import ids_for
from tests.support.people import Tenant, World

EXAMPLES = 2
OF_ANSWERS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CHECKS = [*OF_ANSWERS, negative_data_rejection]
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


@pytest.fixture(scope="module")
def reader(world: World, place: Tenant) -> Api:
    """Who calls what changes nothing; any other operation may end its caller's rights."""
    return world.new_admin(place)


def named(route: Promised) -> str:
    return f"{route.method} {route.path}"


# What a list takes is long to make up: those with the filters of another are asked once.
ALIKE = {("GET", path) for path in {*collections()} - {*first_alike()}}


@pytest.mark.parametrize("route", promised(), ids=named)
def test_made_up_requests_get_documented_answers(
    world: World,
    schema: schemathesis.BaseSchema,
    place: Tenant,
    reader: Api,
    http: Session,
    route: Promised,
) -> None:
    callers = [reader if route.method == "GET" else world.new_admin(place)]
    ids = ids_for(callers[0], route.path)  # one operation may well delete it
    operation = schema[route.path][route.method]
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=1 if (route.method, route.path) in ALIKE else EXAMPLES,
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
        response = case.call(world.base_url, http, credentials(callers[-1]))
        case.validate_response(response, checks=CHECKS if is_as_made(case, is_real) else OF_ANSWERS)
        if route.path in ENDING:
            callers.append(world.again(callers[-1]))

    fuzz()


def is_as_made(case: schemathesis.Case[Any], is_real: bool) -> bool:
    """Whether nothing was wrong with what is put right before it is sent: the tenant, the ids."""
    right = {ParameterLocation.HEADER, *([ParameterLocation.PATH] if is_real else [])}
    made = case.meta.components if case.meta else {}
    return not any(made[place].mode.is_negative for place in right & made.keys())


def credentials(caller: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}", "X-Tenant-Id": str(caller.tenant_id)}
