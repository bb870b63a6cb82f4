"""The running server against its own document: made-up requests get documented answers."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.conventions.routes import Promised, promised
from tests.support.api import Api, Json
from tests.support.people import Tenant, World, unique

EXAMPLES = 12
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ROUTES = promised()


@pytest.fixture(scope="module")
def schema(world: World) -> schemathesis.BaseSchema:
    document = world.stranger().get("/openapi.json")
    document["servers"] = [{"url": world.base_url}]
    return schemathesis.openapi.from_dict(document)


@pytest.fixture(scope="module")
def place(world: World) -> Tenant:
    return world.new_tenant()


@pytest.fixture
def ids(world: World, place: Tenant) -> Json:
    """A record for each parameter of a path, made for one operation that may well delete it."""
    group, user = place.new_group(), world.new_user(place.admin)
    (event, *_) = place.admin.items("/audit-events", limit=1)
    return {
        "tenant_id": world.new_tenant(place.admin.within(None)).id,
        "group_id": group["id"],
        "user_id": user.user["id"],
        "membership_id": place.add(group, user_id=user.user["id"])["id"],
        "session_id": place.admin.items("/me/sessions")[0]["id"],
        "audit_event_id": event["id"],
        "location_type_id": place.admin.post("/location-types", {"name": unique("Fuzzed")})["id"],
    }


def named(route: Promised) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_made_up_requests_get_documented_answers(
    world: World,
    schema: schemathesis.BaseSchema,
    place: Tenant,
    ids: Json,
    route: Promised,
    mode: GenerationMode,
) -> None:
    caller = [world.again(place.admin)]
    operation = schema[route.path][route.method]
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def fuzz(case: schemathesis.Case, real: bool) -> None:
        if real:
            known = {name: ids[name] for name in case.path_parameters}
            case.path_parameters.update(known)
        case.headers.pop("X-Tenant-Id", None)
        response = case.call(headers=credentials(caller[0]))
        case.validate_response(response, checks=checks)
        if response.status_code == 401 or ends_the_session(route):
            caller[0] = world.again(place.admin)

    fuzz()


def credentials(caller: Api) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}", "X-Tenant-Id": str(caller.tenant_id)}


def ends_the_session(route: Promised) -> bool:
    return route.path in {"/me/signout", "/me/password", "/me/sessions/{session_id}"}
