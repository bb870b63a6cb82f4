"""The deployed stack: gateway, functions, layers, hook and schedule, put there by the SAM CLI."""

import json
import secrets
import stat
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from pg8000.exceptions import DatabaseError
from sqlalchemy import make_url

from infra import deploy as aws
from infra.modules import MODULES
from infra.probe import NotServed, check
from local.deploy import STACK, deploy
from local.emulator import CREDENTIALS, REGION, client
from local.files import write_private
from local.settings import JOBS_ROLE, Secrets, as_role
from migrations.runner import expected_head
from nexus.aws import storage
from tests.deploy.changes import Release, traffic
from tests.deploy.conftest import Stack
from tests.support.database import Session
from tests.support.stack import kernel
from tests.support.uploads import PATIENCE, PNG, form, post, refusal

SCHEDULE = f"{STACK}-expire-sessions"

# As the reference's Authorize button sends it.
BUTTON = {"Authorization": "Basic Og==", "X-Requested-With": "XMLHttpRequest"}


@pytest.fixture(scope="module")
def http(stack: Stack) -> Iterator[httpx.Client]:
    with stack.http() as http:
        yield http


@pytest.fixture(scope="module")
def superuser(stack: Stack) -> Iterator[Session]:
    with Session(stack.target.database) as session:
        yield session


def sign_in(http: httpx.Client, stack: Stack, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": stack.deployed.email, "password": password}
    return http.post("/me/signin", data=form, headers=BUTTON)


@pytest.fixture(scope="module")
def bearer(http: httpx.Client, stack: Stack) -> dict[str, str]:
    answer = sign_in(http, stack, stack.deployed.password or "")
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def job(stack: Stack, event: dict[str, Any]) -> dict[str, Any]:
    """Invokes the function that the schedule names."""
    schedule = client("scheduler", stack.target.endpoint).get_schedule(Name=SCHEDULE)
    answer: dict[str, Any] = client("lambda", stack.target.endpoint).invoke(
        FunctionName=schedule["Target"]["Arn"], Payload=json.dumps(event)
    )
    return answer | {"Payload": json.loads(answer["Payload"].read())}


def test_the_bootstrap_administrator_signs_in_through_the_gateway(
    http: httpx.Client, stack: Stack, bearer: dict[str, str]
) -> None:
    assert http.get("/me", headers=bearer).json()["email"] == stack.deployed.email


def test_a_created_tenant_is_found_at_its_location_behind_the_stage(
    http: httpx.Client, stack: Stack, bearer: dict[str, str]
) -> None:
    created = http.post("/tenants", json={"name": "Lakeside"}, headers=bearer)
    assert created.status_code == 201, created.text
    location = _within_emulator(created.headers["Location"])
    assert location == f"{stack.deployed.url}/tenants/{created.json()['id']}"
    found = http.get(location.removeprefix(stack.deployed.url), headers=bearer)
    assert found.json()["name"] == "Lakeside"


def test_a_next_page_is_found_at_its_link_behind_the_stage(
    http: httpx.Client, stack: Stack, bearer: dict[str, str]
) -> None:
    for name in ("First page", "Second page"):
        http.post("/tenants", json={"name": name}, headers=bearer)
    listed = http.get("/tenants", params={"limit": 1}, headers=bearer)
    link = _within_emulator(listed.headers["Link"])
    assert link.startswith(f"<{stack.deployed.url}/tenants?")
    path = link.partition(stack.deployed.url)[2].partition(">")[0]
    assert len(http.get(path, headers=bearer).json()["items"]) == 1


def test_a_problem_arrives_as_json(http: httpx.Client, bearer: dict[str, str]) -> None:
    refused = http.post("/tenants", json={"nonsense": True}, headers=bearer)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/validation-failed"


def test_text_of_any_script_survives_the_gateway(
    http: httpx.Client, bearer: dict[str, str]
) -> None:
    name = f"Szkoła 学校 {chr(0x1F3EB)}"
    assert http.post("/tenants", json={"name": name}, headers=bearer).json()["name"] == name


def test_a_large_answer_arrives_compressed(http: httpx.Client, bearer: dict[str, str]) -> None:
    tenant = http.post("/tenants", json={"name": "Large"}, headers=bearer).json()["id"]
    within = bearer | {"X-Tenant-Id": tenant}
    for number in range(20):
        body = {"name": f"large {number}", "attributes": {"notes": "0123456789" * 6_000}}
        assert http.post("/configuration-items", json=body, headers=within).status_code == 201
    answer = http.get("/configuration-items", headers=within)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) > 20 * 60_000
    assert len(answer.json()["items"]) == 20


def test_each_module_has_a_function_of_its_own(
    http: httpx.Client, stack: Stack, bearer: dict[str, str]
) -> None:
    root = http.get("/tenants", params={"is_root": "true"}, headers=bearer).json()["items"][0]
    listed = http.get("/location-types", headers=bearer | {"X-Tenant-Id": root["id"]})
    assert listed.status_code == 200
    functions = client("lambda", stack.target.endpoint).list_functions()["Functions"]
    expected = {*MODULES, "migrations", "housekeeping"}
    assert {f["FunctionName"].removeprefix(f"{STACK}-") for f in functions} >= expected


def test_a_path_that_does_not_exist_is_answered_by_the_gateway(http: httpx.Client) -> None:
    # The emulator has AWS's own answer here; infra/api.yaml makes it a 404 (see test_gateway.py).
    for path in ("/nowhere", "/me/nowhere/at/all"):
        answer = http.get(path)
        assert answer.status_code == 403
        assert "x-content-type-options" not in answer.headers  # which a function would have set


def test_the_reference_and_its_document_are_served(http: httpx.Client) -> None:
    page = http.get("/docs")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "SwaggerUIBundle" in page.text
    assert http.get("/openapi.json").json()["openapi"].startswith("3.1")
    assert http.get("/problems/stale").json()["status"] == 412
    explained = http.get("/problems/stale", headers={"Accept": "text/html"})
    assert "<h1>The record has changed since you read it</h1>" in explained.text


def test_the_hook_has_migrated_before_the_functions_came(stack: Stack, superuser: Session) -> None:
    assert superuser.value("SELECT version_num FROM alembic_version") == expected_head()
    events = _finished(stack)
    assert events.index("Migrated") < events.index("SystemFunction")
    assert events.index("Migrated") < events.index("HousekeepingFunction")


def test_its_logs_are_for_their_owner_only(stack: Stack) -> None:
    logs = list(stack.target.folder.rglob("*.log"))
    assert {"deploy.log", "emulator.log", "postgres.log"} <= {log.name for log in logs}
    assert {stat.S_IMODE(log.stat().st_mode) for log in logs} == {0o600}


def test_health_is_well(http: httpx.Client) -> None:
    answer = http.get("/health")
    assert (answer.status_code, answer.json()["revision"]) == (200, expected_head())


def test_functions_reach_the_database_as_the_roles_they_are(stack: Stack) -> None:
    functions = client("lambda", stack.target.endpoint)
    roles = {
        name: make_url(_environment(functions, name)["NEXUS_DATABASE_URL"]).username
        for name in (*MODULES, "housekeeping")
    }
    expected = dict.fromkeys(MODULES, "nexus_app")
    assert roles == expected | {"housekeeping": "nexus_housekeeping"}


def test_only_the_migrations_know_the_roles_passwords(stack: Stack) -> None:
    functions = client("lambda", stack.target.endpoint)
    for name in (*MODULES, "housekeeping"):
        assert "NEXUS_APP_PASSWORD" not in _environment(functions, name)
        assert "NEXUS_ADMIN_PASSWORD" not in _environment(functions, name)


def test_the_bucket_takes_forms_and_gives_links(stack: Stack) -> None:
    known = _environment(client("lambda", stack.target.endpoint), "projects")
    secret = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}  # the emulator's own
    endpoint = {"AWS_ENDPOINT_URL_S3": stack.target.endpoint, "AWS_REGION": REGION}
    with kernel(**known | secret | endpoint):
        made = form("tenant/issue/attachment")
        assert refusal(post(made.url, made.fields, PNG + b"!")) == (400, "EntityTooLarge")
        assert post(made.url, made.fields, PNG).status_code == 204
        assert storage.found("tenant/issue/").keys() == {"tenant/issue/attachment"}
        link = storage.download_url("tenant/issue/attachment", "Zoë.png", "image/png")
        assert requests.get(link, timeout=PATIENCE).content == PNG
        assert requests.get(link.replace("image", "text"), timeout=PATIENCE).status_code == 403
        storage.remove(["tenant/issue/attachment"])
        assert not storage.found("")


def test_an_issue_takes_a_step_behind_the_gateway(
    http: httpx.Client, bearer: dict[str, str]
) -> None:
    tenant = http.post("/tenants", json={"name": "Stepping"}, headers=bearer).json()["id"]
    within = bearer | {"X-Tenant-Id": tenant}
    body = {"title": "The projector is dark", "issue_type": "incident"}
    place = f"/issues/{http.post('/issues', json=body, headers=within).json()['id']}"
    (start,) = http.get(f"{place}/transitions", headers=within).json()["items"]
    step = {"transition_id": start["id"]}
    taken = http.post(f"{place}/transition", json=step, headers=within)
    assert (taken.status_code, taken.json()["category"]) == (200, "in_progress")
    refused = http.post(f"{place}/transition", json=step, headers=within)
    assert (refused.status_code, refused.json()["state"]) == (409, "In progress")


def test_an_attachment_goes_past_the_gateway_and_is_seen_behind_it(
    http: httpx.Client, bearer: dict[str, str]
) -> None:
    """The emulator tells functions an endpoint that their callers reach too."""
    tenant = http.post("/tenants", json={"name": "Attached"}, headers=bearer).json()["id"]
    within = bearer | {"X-Tenant-Id": tenant}
    issue = {"title": "The projector is dark", "issue_type": "incident"}
    place = f"/issues/{http.post('/issues', json=issue, headers=within).json()['id']}/attachments"
    body = {"filename": "Zoë.png", "content_type": "image/png", "size": len(PNG)}
    made = http.post(place, json=body, headers=within)
    assert made.status_code == 201, made.text
    form = made.json()["upload"]
    assert post(form["url"], form["fields"], PNG).status_code == 204
    (shown,) = http.get(place, headers=within).json()["items"]
    assert shown["uploaded_at"]
    assert requests.get(shown["download_url"], timeout=PATIENCE).content == PNG
    assert http.delete(f"{place}/{shown['id']}", headers=within).status_code == 204
    assert requests.get(shown["download_url"], timeout=PATIENCE).status_code == 404


def test_the_schedule_names_the_job_and_where_failures_go(stack: Stack) -> None:
    schedule = client("scheduler", stack.target.endpoint).get_schedule(Name=SCHEDULE)
    assert schedule["ScheduleExpression"] == "rate(15 minutes)"
    assert schedule["FlexibleTimeWindow"]["Mode"] == "FLEXIBLE"
    assert json.loads(schedule["Target"]["Input"]) == {"job": "expire-sessions"}
    assert schedule["Target"]["Arn"].endswith(f":{STACK}-housekeeping:live")
    assert ":sqs:" in schedule["Target"]["DeadLetterConfig"]["Arn"]


def test_the_scheduled_job_deletes_expired_sessions(
    http: httpx.Client, stack: Stack, bearer: dict[str, str], superuser: Session
) -> None:
    sign_in(http, stack, stack.deployed.password or "")
    superuser.run(
        "UPDATE sessions SET expires_at = now() - interval '1 day' WHERE id ="
        " (SELECT max(id) FROM sessions)"
    )
    done = job(stack, {"job": "expire-sessions"})
    assert done["Payload"]["done"]["sessions"] == 1
    assert done["Payload"]["finished"] is True
    assert job(stack, {"job": "expire-sessions"})["Payload"]["done"]["sessions"] == 0
    assert http.get("/me", headers=bearer).status_code == 200


def test_a_job_that_does_not_exist_is_an_error(stack: Stack) -> None:
    answer = job(stack, {"job": "make-coffee"})
    assert "FunctionError" in answer
    assert "make-coffee" in json.dumps(answer["Payload"])


def test_what_is_deployed_and_not_served_is_told(stack: Stack, http: httpx.Client) -> None:
    functions = client("lambda", stack.target.endpoint)
    with pytest.raises(NotServed) as told:
        check(str(http.base_url), "another", STACK, functions, {"Host": http.headers["Host"]})
    wrong = str(told.value).splitlines()[1:]
    assert len(wrong) == len(MODULES)
    assert all("which is of another release" in line for line in wrong)
    with pytest.raises(NotServed, match=r"system:live: .*not found"):
        check(str(http.base_url), "any", "nowhere", functions, {"Host": http.headers["Host"]})


def test_who_declines_a_change_set_is_not_told_of_a_release(
    stack: Stack,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings, template = tmp_path / "samconfig.toml", tmp_path / "template.yaml"
    settings.write_text(f'[here.global.parameters]\nstack_name = "{STACK}"\nregion = "{REGION}"\n')
    template.write_text(stack.template.read_text())
    for name, value in {"SETTINGS": settings, "TEMPLATE": template}.items():
        monkeypatch.setattr(aws, name, value)
    for name, text in {**CREDENTIALS, "AWS_ENDPOINT_URL": stack.target.endpoint}.items():
        monkeypatch.setenv(name, text)
    for sam, code in {"true": 0, "false": 1}.items():  # which deploys nothing
        monkeypatch.setattr(aws, "SAM", sam)
        assert aws.main("here") == code
    assert capsys.readouterr().out == "Nothing was deployed.\n"


def test_a_second_deployment_serves_what_has_changed_and_keeps_what_is_there(
    http: httpx.Client, stack: Stack, bearer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, a parameter and the secrets; `deploy` asks each module whether it answers by it."""
    account = {"email": "new@school.example", "username": "new", "password": "Quite-a-new-pass-77"}
    assert http.post("/me/signup", json=account).status_code == 403
    with (stack.template.parent / "SystemFunction" / "system" / "docs.html").open("a") as page:
        page.write("<!-- of the second release -->")
    monkeypatch.setenv("NEXUS_SIGN_UP", "open")
    before = Secrets.of(stack.target.folder)
    keys = f"{secrets.token_urlsafe(32)},{before.token_key}"
    rotated = replace(before, token_key=keys, housekeeping_password=secrets.token_urlsafe(32))
    write_private(stack.target.folder / "secrets.json", json.dumps(asdict(rotated)))
    with traffic(stack.http, bearer) as seen:
        again = deploy(stack.target, stack.template)
    assert set(seen.answers) == {200}
    assert not seen.lost
    assert again.password == stack.deployed.password  # who was told of none, as by a killed run
    assert _finished(stack, "UPDATE_COMPLETE")
    assert again.url == stack.deployed.url
    assert "of the second release" in http.get("/docs").text
    assert http.post("/me/signup", json=account).status_code == 201
    assert http.get("/me", headers=bearer).status_code == 200  # signed with the former key
    assert sign_in(http, stack, stack.deployed.password or "").status_code == 200
    former = as_role(stack.target.database, JOBS_ROLE, before.housekeeping_password)
    with pytest.raises(DatabaseError), Session(former):
        pass
    assert job(stack, {"job": "expire-sessions"})["Payload"]["finished"] is True


def test_releases_come_and_fail_and_are_taken_back_while_requests_are_answered(
    stack: Stack, bearer: dict[str, str], superuser: Session
) -> None:
    revision = "SELECT version_num FROM alembic_version"
    first = Release.deployed(stack.target.endpoint)
    later = int(first.head.partition("_")[0]) + 1
    second = first.with_revision(f"{later}_trial", "CREATE TABLE trial (id int)")
    broken = second.with_revision(f"{later + 1}_broken", "ALTER TABLE trial ADD id text")
    with traffic(stack.http, bearer) as seen:
        assert second.deploy() == "UPDATE_COMPLETE"
        assert superuser.value(revision) == second.head
        assert broken.deploy() == "UPDATE_ROLLBACK_COMPLETE"
        (why, *_) = broken.failures()
        assert 'column "id" of relation "trial" already exists' in why
        assert "ALTER TABLE" not in why
        assert superuser.value(revision) == second.head
        away = stack.target.database.replace("127.0.0.1", "127.0.0.9")
        assert second.named("away").deploy(MigrationsDatabaseUrl=away) == "UPDATE_ROLLBACK_COMPLETE"
        (why, *_) = second.failures()
        assert "cannot be reached" in why
        assert str(make_url(away).password) not in why
        assert first.named("back").deploy() == "UPDATE_COMPLETE"
    assert superuser.value(revision) == second.head  # no revision is taken back
    assert set(seen.answers) == {200}
    assert not seen.lost
    assert len(seen.answers) > 20


def _within_emulator(address: str) -> str:
    """The emulator speaks HTTP and, unlike the gateway, does not tell the functions so."""
    return address.replace("https://", "http://", 1)


def _environment(functions: Any, name: str) -> dict[str, str]:
    configuration = functions.get_function_configuration(
        FunctionName=f"{STACK}-{name}", Qualifier="live"
    )
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables


def _finished(stack: Stack, status: str = "CREATE_COMPLETE") -> list[str]:
    """What was made, in that order."""
    cloudformation = client("cloudformation", stack.target.endpoint)
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    in_order = sorted(events, key=lambda event: event["Timestamp"])
    return [event["LogicalResourceId"] for event in in_order if event["ResourceStatus"] == status]
