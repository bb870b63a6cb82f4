"""What the server writes down holds the request id, and never a token or a password."""

from pathlib import Path

from tests.support.api import Api, connect
from tests.support.people import made_up_password, person
from tests.support.stack import Database, serving


def test_no_secret_is_written_down(database: Database, tmp_path: Path) -> None:
    body, new, wrong = person(), made_up_password(), made_up_password()
    log = tmp_path / "log"
    with (
        log.open("w") as output,
        serving(database, 1, output, NEXUS_LOG_LEVEL="DEBUG") as address,
        connect(address) as http,
    ):
        api = Api(http)
        token = api.post("/me/signup", body, headers={"X-Request-Id": "seek-me"})["access_token"]
        caller = api.bearing(token)
        form = {"username": body["username"], "password": wrong}
        api.expect(401, "POST", "/me/signin", data=form)
        caller.refused(
            422, "POST", "/me/password", {"current_password": wrong, "new_password": new}
        )
        change = {"current_password": body["password"], "new_password": new}
        caller.expect(204, "POST", "/me/password", json=change)
        caller.refused(400, "GET", f"/me/sessions?token={token}")
    written = log.read_text()
    assert "seek-me" in written
    for secret in (token, token[30:], body["password"], new, wrong):
        assert secret not in written
