"""Forms: every route that reads one refuses what is none of its members, and any other media."""

import json
from urllib.parse import urlencode

import pytest

from tests.support.api import Api, Json
from tests.support.documented import FORM, forms
from tests.support.people import World

OTHER_MEDIA = ("application/json", "multipart/form-data; boundary=x", "text/plain", "")
MULTIPART = '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nx\r\n--x--\r\n'


@pytest.fixture(params=sorted(forms()))
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def api(world: World) -> Api:
    """Forms are for who has no token yet."""
    return world.stranger().through(world.elsewhere())


def refused(api: Api, status: int, path: str, content: str, media: str = FORM) -> Json:
    headers = {"Content-Type": media}
    problem: Json = api.refused(status, "POST", path, content=content, headers=headers)
    return problem


def least(path: str) -> dict[str, str]:
    return dict.fromkeys(forms()[path]["required"], "x")


def test_a_form_says_that_it_has_no_other_members(path: str) -> None:
    assert forms()[path]["additionalProperties"] is False


@pytest.mark.parametrize("name", ["remember", "Password", "password[]", " username", "", "%C3%A9"])
def test_a_member_that_is_none_of_the_forms_is_refused(api: Api, path: str, name: str) -> None:
    problem = refused(api, 400, path, f"{urlencode(least(path))}&{name}=x")
    assert name.strip("%") in problem["detail"] or "é" in problem["detail"]
    assert problem["allowed"] == list(forms()[path]["properties"])


def test_a_member_given_twice_is_malformed(api: Api, path: str) -> None:
    for member in forms()[path]["properties"]:
        given = urlencode({**least(path), member: "x"})
        assert member in refused(api, 400, path, f"{given}&{member}=x")["detail"]


@pytest.mark.parametrize("media", OTHER_MEDIA)
@pytest.mark.parametrize("content", ["form", "json", MULTIPART], ids=["form", "json", "multipart"])
def test_no_other_media_type_is_read(api: Api, path: str, media: str, content: str) -> None:
    written = {"form": urlencode(least(path)), "json": json.dumps(least(path))}
    refused(api, 415, path, written.get(content, content), media)


def test_text_that_cannot_be_stored_is_refused(api: Api, path: str) -> None:
    for member in forms()[path]["properties"]:
        problem = refused(api, 422, path, urlencode({**least(path), member: "a\0"}))
        assert {"pointer": f"/{member}"}.items() <= problem["errors"][0].items()
