"""Custom fields: twelve types, each strict; kept, found and sorted by."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.api import Api, Json, pointers, slug
from tests.support.database import Session
from tests.support.issues import new_field, new_issue, new_screen, new_workflow, steps, take
from tests.support.makers import MAKERS, id_of_new
from tests.support.people import Tenant, unique
from tests.support.races import while_locked_by

NOBODYS_ID = "01J0000000000000000000000Z"
# Of each type: what it takes, and as what; what it does not.
TAKEN: Mapping[str, list[tuple[Any, Any]]] = {
    "text": [("a", "a"), (" a ", "a"), ("日本", "日本"), ("1", "1")],
    "number": [(0, 0), (-1.5, -1.5), (2**53 - 1, 2**53 - 1), (1e-9, 1e-9)],
    "boolean": [(False, False), (True, True)],
    "date": [("2027-02-28", "2027-02-28")],
    "datetime": [
        ("2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z"),
        ("2027-01-31T12:00:00.5+02:00", "2027-01-31T10:00:00.500000Z"),
    ],
    "choice": [("Low", "Low")],
    "multi_choice": [(["High", "Low"], ["High", "Low"])],
    "url": [("https://example.org/a?b=c", "https://example.org/a?b=c")],
}
REFUSED: Mapping[str, list[Any]] = {
    "text": [1, True, ["a"], {}, "x" * 5001],
    "number": ["1", "", True, [1], 2**53, -(2**53), 1e20, -1e308],
    "boolean": [0, 1, "true", " ", []],
    "date": ["2026-02-30", "2027-01-31T00:00:00Z", 20270131, "31.1.2027", True],
    "datetime": ["2027-01-31", "2027-01-31T12:00:00", 1, "0001-01-01T00:00:00+14:00"],
    "choice": ["low", "Medium", ["Low"], 1, True],
    "multi_choice": ["Low", "", ["Medium"], ["Low", "Low"], [1], {"Low": True}],
    "url": [
        "example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        1,
        "https://",
        "https:example.org",
        "https://exa\nmple.org/",
        'https://a.example/ x"<b>',
    ],
    "user": [NOBODYS_ID, "x", 1, [], True],
    "person": [NOBODYS_ID, "x", 1],
    "location": [NOBODYS_ID, "x", 1],
    "asset": [NOBODYS_ID, "x", 1],
}
CROWD = 1_001
MANY = """
    INSERT INTO issues (id, tenant_id, title, issue_type_id, kind, priority_id, status_id, category,
                        reporter_id, fields, archived_at)
    SELECT left(i.id, 20) || lpad(n::text, 6, '0'), i.tenant_id, i.title, i.issue_type_id, i.kind,
           i.priority_id, i.status_id, i.category, i.reporter_id, given.fields,
           CASE given.fields ->> :text WHEN 'archived' THEN now() END
    FROM issues i, jsonb_array_elements(CAST(:each AS jsonb)) WITH ORDINALITY AS given (fields, n)
    WHERE i.id = :id
"""
VALUES = """
    INSERT INTO issue_values (tenant_id, issue_id, field_id, place, number_value, text_value)
    SELECT i.tenant_id, i.id, f.id, 0, CASE f.type WHEN 'number' THEN 1 END,
           CASE f.type WHEN 'text' THEN 'a' END
    FROM issues i, jsonb_object_keys(i.fields) AS given JOIN issue_fields f ON f.id = given
    WHERE i.title = :title AND i.id <> :id
"""
IN_CROWD = "SELECT id FROM issues WHERE title = :title"
MADE: Mapping[str, str] = {"user": "user_id", "person": "person_id", "location": "location_id"}


@pytest.fixture(scope="module")
def fields(tenant: Tenant) -> dict[str, Json]:
    """One of each type."""
    return {kind: new_field(tenant.admin, kind) for kind in {**TAKEN, **REFUSED}}


def with_value(api: Api, field: Json, value: Any) -> Json:
    return new_issue(api, fields={field["key"]: value})


@pytest.mark.parametrize("kind", TAKEN)
def test_a_value_of_its_type_is_taken(tenant: Tenant, fields: dict[str, Json], kind: str) -> None:
    key = fields[kind]["key"]
    for given, stored in TAKEN[kind]:
        issue = new_issue(tenant.member, fields={key: given})
        assert issue["fields"] == {key: stored}
        assert type(issue["fields"][key]) is type(stored)
        assert tenant.member.get(f"/issues/{issue['id']}") == issue


@pytest.mark.parametrize("kind", REFUSED)
def test_any_other_is_refused(tenant: Tenant, fields: dict[str, Json], kind: str) -> None:
    issue = new_issue(tenant.member)
    key = fields[kind]["key"]
    for value in REFUSED[kind]:
        sent = {"fields": {key: value}}
        problem = tenant.member.refused(422, "PATCH", f"/issues/{issue['id']}", sent)
        assert pointers(problem) == [f"/fields/{key}"], value
    assert tenant.member.get(f"/issues/{issue['id']}") == issue


@pytest.mark.parametrize("kind", MADE)
def test_a_record_of_the_tenant_is_named(
    tenant: Tenant, other_tenant: Tenant, fields: dict[str, Json], kind: str
) -> None:
    key, mine = fields[kind]["key"], id_of_new(MADE[kind], tenant.admin)
    issue = with_value(tenant.member, fields[kind], mine)
    assert issue["fields"] == {key: mine}
    assert [i["id"] for i in tenant.member.items("/issues", **{f"cf_{key}": mine})] == [issue["id"]]
    theirs = id_of_new(MADE[kind], other_tenant.admin)
    sent = {"title": "x", "issue_type": "incident", "fields": {key: theirs}}
    assert pointers(tenant.member.refused(422, "POST", "/issues", sent)) == [f"/fields/{key}"]
    tenant.member.refused(422, "GET", f"/issues?cf_{key}={theirs}")


def test_blanks_and_empty_lists_are_no_values(tenant: Tenant, fields: dict[str, Json]) -> None:
    keys = [fields[kind]["key"] for kind in ("text", "multi_choice", "number")]
    issue = new_issue(tenant.member, fields={keys[0]: "a", keys[1]: ["Low"], keys[2]: 0})
    place = f"/issues/{issue['id']}"
    emptied = tenant.member.patch(place, {"fields": {keys[0]: "  ", keys[1]: []}})
    assert emptied["fields"] == {keys[2]: 0}
    assert tenant.member.patch(place, {"fields": {keys[2]: None}})["fields"] == {}


def test_fields_are_merged_one_by_one(tenant: Tenant, fields: dict[str, Json]) -> None:
    text, number = fields["text"]["key"], fields["number"]["key"]
    issue = new_issue(tenant.member, fields={text: "a", number: 1})
    place = f"/issues/{issue['id']}"
    same = tenant.member.patch(place, {"fields": {text: "a"}})
    assert same == issue
    changed = tenant.member.patch(place, {"fields": {number: 2}})
    assert (changed["fields"], changed["version"]) == ({text: "a", number: 2}, 2)


def test_unknown_keys_are_refused(tenant: Tenant, other_tenant: Tenant) -> None:
    theirs = new_field(other_tenant.admin)["key"]
    issue = new_issue(tenant.member)
    for key in (theirs, "nope", "a/b~c", "", "x" * 60):
        for value in ("a", None):
            sent = {"fields": {key: value}}
            problem = tenant.member.refused(422, "PATCH", f"/issues/{issue['id']}", sent)
            assert pointers(problem) == ["/fields/" + key.replace("~", "~0").replace("/", "~1")]


def test_a_choice_off_the_list_stays_and_is_not_set_anew(tenant: Tenant) -> None:
    one, many = (new_field(tenant.admin, kind) for kind in ("choice", "multi_choice"))
    keys = one["key"], many["key"]
    issue = new_issue(tenant.member, fields={keys[0]: "Low", keys[1]: ["Low", "High"]})
    for field in (one, many):
        tenant.admin.patch(f"/issue-fields/{field['id']}", {"choices": ["High"]})
    place = f"/issues/{issue['id']}"
    kept = tenant.member.patch(place, {"title": "Other", "fields": {keys[1]: ["Low"]}})
    assert kept["fields"] == {keys[0]: "Low", keys[1]: ["Low"]}
    tenant.member.patch(place, {"fields": {keys[0]: "High", keys[1]: ["High"]}})
    for key, value in ((keys[0], "Low"), (keys[1], ["Low"])):
        tenant.member.refused(422, "PATCH", place, {"fields": {key: value}})


def test_a_screen_asks_at_the_creation(tenant: Tenant) -> None:
    asked, needed = new_field(tenant.admin), new_field(tenant.admin, is_required=True)
    screen = new_screen(tenant.admin, asked)
    shown = {"screen_id": screen["id"], "field_id": needed["id"]}
    tenant.admin.post("/issue-screen-fields", shown)
    (workflow,) = tenant.admin.items("/issue-workflows", name="Incident", scope="shared")
    issue_type = MAKERS["issue_type_id"].new(
        tenant.admin, workflow_id=workflow["id"], screen_id=screen["id"]
    )
    sent: Json = {"title": "x", "issue_type": issue_type["key"]}
    problem = tenant.member.refused(422, "POST", "/issues", sent)
    assert set(pointers(problem)) == {f"/fields/{f['key']}" for f in (asked, needed)}
    given = {asked["key"]: "a", needed["key"]: "b"}
    issue = tenant.member.post("/issues", {**sent, "fields": given})
    place = f"/issues/{issue['id']}"
    for one in (needed, asked):  # neither is emptied
        problem = tenant.member.refused(422, "PATCH", place, {"fields": {one["key"]: None}})
        assert pointers(problem) == [f"/fields/{one['key']}"]


def test_of_two_fields_with_a_key_the_own_is_meant(tenant: Tenant, root: Api) -> None:
    shared = new_field(root, "text")
    before = new_issue(tenant.member, fields={shared["key"]: "theirs"})
    own = new_field(tenant.admin, "number", key=shared["key"], name=shared["name"])
    issue = new_issue(tenant.member, fields={own["key"]: 7})
    assert issue["fields"] == {own["key"]: 7}
    tenant.member.refused(422, "PATCH", f"/issues/{issue['id']}", {"fields": {own["key"]: "a"}})
    place = f"/issues/{before['id']}"
    assert tenant.member.get(place)["fields"] == {}
    tenant.member.patch(place, {"fields": {own["key"]: 7}})
    assert tenant.member.patch(place, {"fields": {own["key"]: None}})["fields"] == {}


def test_a_field_that_issues_have_is_not_deleted(tenant: Tenant) -> None:
    field = new_field(tenant.admin, "multi_choice")
    issue = new_issue(tenant.member, fields={field["key"]: ["Low", "High"]})
    problem = tenant.admin.refused(409, "DELETE", f"/issue-fields/{field['id']}")
    assert problem["conflicts"] == [{"resource": "issues", "count": 1}]
    tenant.member.patch(f"/issues/{issue['id']}", {"fields": {field["key"]: None}})
    tenant.admin.delete(f"/issue-fields/{field['id']}")


def test_values_are_up_to_64_kib_together(tenant: Tenant) -> None:
    fields = [new_field(tenant.admin) for _ in range(14)]
    sent = {"fields": {field["key"]: "x" * 5000 for field in fields}}
    issue = new_issue(tenant.member)
    problem = tenant.member.refused(422, "PATCH", f"/issues/{issue['id']}", sent)
    assert (slug(problem), pointers(problem)) == ("fields-too-large", ["/fields"])


@contextmanager
def untriggered(superuser: Session) -> Iterator[None]:
    """Triggers would write an event for each of many rows, which takes seconds."""
    superuser.run("SET session_replication_role = replica")
    try:
        yield
    finally:
        superuser.run("RESET session_replication_role")


class TestFiltersAndSorts:
    """Among the issues of one project."""

    @pytest.fixture(scope="class")
    def project_id(self, tenant: Tenant) -> str:
        return id_of_new("project_id", tenant.admin)

    @pytest.fixture(scope="class")
    def found(self, tenant: Tenant, project_id: str) -> Callable[..., list[Any]]:
        """The values of a field, in the order of the list."""

        def found(field: Json, **query: Any) -> list[Any]:
            items = tenant.member.pages("/issues", project_id=project_id, limit=2, **query)
            return [item["fields"].get(field["key"]) for item in items]

        return found

    @pytest.fixture(scope="class")
    def filled(self, tenant: Tenant, project_id: str) -> dict[str, Json]:
        """A field of each type; three issues with values of all, one without any."""
        kinds: dict[str, list[Any]] = {
            "text": ["Élan", "Zebra crossing", "echo"],
            "url": ["https://a.example", "https://b.example", "https://c.example"],
            "number": [10, -2.5, 1000],
            "date": ["2027-01-31", "2026-12-01", "2027-02-01"],
            "datetime": ["2027-01-31T12:00:00Z", "2026-12-01T00:00:00Z", "2027-02-01T00:00:00Z"],
            "choice": ["Low", "High", "Low"],
            "multi_choice": [["Low"], ["High", "Low"], ["High"]],
            "boolean": [True, False, True],
        }
        fields = {kind: new_field(tenant.admin, kind) for kind in kinds}
        for number in range(3):
            values = {fields[kind]["key"]: kinds[kind][number] for kind in kinds}
            new_issue(tenant.member, project_id=project_id, fields=values)
        new_issue(tenant.member, project_id=project_id)
        return fields

    @pytest.fixture(scope="class")
    def crowd(self, tenant: Tenant, filled: dict[str, Json], superuser: Session) -> Iterator[str]:
        """The title of many issues with a number, among which some have none."""
        number, text = (filled[kind]["id"] for kind in ("number", "text"))
        title = unique("Crowd")
        lacking = [{}, {text: "a"}, {text: "archived"}, {}, {text: "b"}]
        having = [{number: 1}] * CROWD
        each = json.dumps([*having, *lacking, *having])
        one = new_issue(tenant.member, title=title)
        with untriggered(superuser):
            superuser.run(MANY, id=one["id"], each=each, text=text)
            superuser.run(VALUES, id=one["id"], title=title)
        tenant.admin.delete(f"/issues/{one['id']}")
        yield title
        with untriggered(superuser):
            for of_crowd in ("issue_values WHERE issue_id", "issues WHERE id"):
                superuser.run(f"DELETE FROM {of_crowd} IN ({IN_CROWD})", title=title)

    @pytest.mark.parametrize(
        ("kind", "query", "expected"),
        [
            ("text", {"": "echo"}, ["echo"]),
            ("text", {"": "Echo"}, []),
            ("text", {"": "echo,Élan"}, ["Élan", "echo"]),
            ("text", {"__contains": "CROSS"}, ["Zebra crossing"]),
            ("text", {"__contains": "e"}, ["Élan", "Zebra crossing", "echo"]),
            ("text", {"__startswith": "el"}, ["Élan"]),
            ("text", {"__gte": "elan"}, ["Élan", "Zebra crossing"]),
            ("text", {"__ne": "echo"}, ["Élan", "Zebra crossing", None]),
            ("text", {"__isnull": "true"}, [None]),
            ("text", {"__isnull": "false"}, ["Élan", "Zebra crossing", "echo"]),
            ("url", {"__contains": "b.exam"}, ["https://b.example"]),
            ("number", {"": "10"}, [10]),
            ("number", {"": "10.0"}, [10]),
            ("number", {"__gte": "10"}, [10, 1000]),
            ("number", {"__lt": "10"}, [-2.5]),
            ("number", {"__gt": "-3", "__lte": "10"}, [10, -2.5]),
            ("number", {"__in": "10,1000"}, [10, 1000]),
            ("date", {"__gte": "2027-01-31"}, ["2027-01-31", "2027-02-01"]),
            ("date", {"": "2026-12-01"}, ["2026-12-01"]),
            ("datetime", {"": "2027-01-31"}, ["2027-01-31T12:00:00Z"]),
            ("datetime", {"__gt": "2027-01-31"}, ["2027-02-01T00:00:00Z"]),
            ("choice", {"": "Low"}, ["Low", "Low"]),
            ("choice", {"__ne": "Low"}, ["High", None]),
            ("multi_choice", {"": "High"}, [["High", "Low"], ["High"]]),
            ("multi_choice", {"__ne": "High"}, [["Low"], None]),
            ("boolean", {"": "false"}, [False]),
            ("boolean", {"__in": "true,false"}, [True, False, True]),
        ],
    )
    def test_a_filter_goes_by_the_type(
        self,
        filled: dict[str, Json],
        found: Callable[..., list[Any]],
        kind: str,
        query: dict[str, str],
        expected: list[Any],
    ) -> None:
        field = filled[kind]
        asked = {f"cf_{field['key']}{operator}": value for operator, value in query.items()}
        assert found(field, **asked) == expected

    @pytest.mark.parametrize(
        ("kind", "rising"),
        [
            ("text", ["echo", "Élan", "Zebra crossing"]),
            ("number", [-2.5, 10, 1000]),
            ("date", ["2026-12-01", "2027-01-31", "2027-02-01"]),
            ("datetime", ["2026-12-01T00:00:00Z", "2027-01-31T12:00:00Z", "2027-02-01T00:00:00Z"]),
            ("choice", ["High", "Low", "Low"]),
            ("boolean", [False, True, True]),
        ],
    )
    def test_a_sort_goes_by_the_type_and_blanks_come_last(
        self, filled: dict[str, Json], found: Callable[..., list[Any]], kind: str, rising: list[Any]
    ) -> None:
        field = filled[kind]
        assert found(field, sort=f"cf_{field['key']}") == [*rising, None]
        assert found(field, sort=f"-cf_{field['key']}") == [*rising[::-1], None]
        assert found(field, sort=f"-cf_{field['key']},title") == [*rising[::-1], None]

    def test_filters_go_with_a_search(
        self, tenant: Tenant, filled: dict[str, Json], project_id: str
    ) -> None:
        field = filled["number"]
        word = unique("Sought")
        made = new_issue(tenant.member, title=word, project_id=project_id, fields={field["key"]: 5})
        for query in (
            {f"cf_{field['key']}": 5},
            {f"cf_{field['key']}__ne": 6},
            {"sort": f"cf_{field['key']}"},
        ):
            items = tenant.member.items("/issues", q=word, **query)
            assert [item["id"] for item in items] == [made["id"]]
        tenant.admin.delete(f"/issues/{made['id']}")

    @pytest.mark.parametrize("way", ["", "-"])
    def test_the_few_that_lack_a_value_are_found_among_many(
        self, tenant: Tenant, filled: dict[str, Json], crowd: str, way: str
    ) -> None:
        """More than are looked at one by one, from either end."""
        key, other = (filled[kind]["key"] for kind in ("number", "text"))
        lists = {
            "any": [{}, {other: "a"}, {other: "archived"}, {}, {other: "b"}],
            "false": [{}, {other: "a"}, {}, {other: "b"}],
        }
        for archived, rising in lists.items():
            expected = rising[::-1] if way else rising
            query = {"title": crowd, "archived": archived}
            asked = {f"cf_{key}__isnull": "true", "sort": f"{way}id", "limit": 2}
            items = tenant.member.pages("/issues", **query, **asked)
            assert [item["fields"] for item in items] == expected

    def test_a_sort_ends_with_the_few_that_lack_a_value(
        self, tenant: Tenant, filled: dict[str, Json], crowd: str
    ) -> None:
        """Two on the page with the last value, two on the next."""
        key, other = (filled[kind]["key"] for kind in ("number", "text"))
        asked = {"title": crowd, "sort": f"-cf_{key}", "limit": (2 * CROWD + 2) // 12}
        items = tenant.member.pages("/issues", **asked)
        assert len(items) == 2 * CROWD + 4
        assert [item["fields"] for item in items[-4:]] == [{other: "b"}, {}, {other: "a"}, {}]

    def test_what_there_is_not_is_told(self, tenant: Tenant, filled: dict[str, Json]) -> None:
        key = filled["number"]["key"]
        problem = tenant.member.refused(400, "GET", "/issues?cf_nope=1")
        assert f"cf_{key}" in problem["allowed"]
        for query in (
            f"cf_{key}=ten",
            f"cf_{key}=nan",
            f"cf_{key}__contains=1",
            f"cf_{key}__near=1",
            f"cf_{filled['boolean']['key']}=yes",
            f"cf_{filled['date']['key']}=soon",
            "sort=cf_nope",
            f"sort=cf_{filled['multi_choice']['key']}",
            f"sort=title,cf_{key}",
            "cf:number=1",
        ):
            tenant.member.refused(400, "GET", f"/issues?{query}")

    def test_another_tenants_fields_are_none(
        self, other_tenant: Tenant, filled: dict[str, Json]
    ) -> None:
        other_tenant.member.refused(400, "GET", f"/issues?cf_{filled['number']['key']}=1")

    def test_a_cursor_belongs_to_its_field(
        self, tenant: Tenant, filled: dict[str, Json], project_id: str
    ) -> None:
        query = {"project_id": project_id, "limit": 1}
        keys = [filled[kind]["key"] for kind in ("text", "url")]
        page = tenant.member.get("/issues", sort=f"cf_{keys[0]}", **query)
        path = f"/issues?project_id={project_id}&limit=1&sort=cf_{keys[1]}&cursor={page['next']}"
        assert slug(tenant.member.refused(400, "GET", path)) == "invalid-cursor"


def test_an_id_of_nothing_in_a_field_is_told_before_the_state(
    tenant: Tenant, fields: dict[str, Json]
) -> None:
    sent = {"fields": {fields["person"]["key"]: NOBODYS_ID}}
    issue = new_issue(tenant.member)
    place, pointer = f"/issues/{issue['id']}", f"/fields/{fields['person']['key']}"
    closed = {"transition_id": steps(tenant.member, issue, unavailable="true")["Close"]["id"]}
    problem = tenant.member.refused(422, "POST", f"{place}/transition", {**closed, **sent})
    assert pointers(problem) == [pointer]
    tenant.member.act(f"{place}/archive")
    assert pointers(tenant.member.refused(422, "PATCH", place, sent)) == [pointer]
    problem = tenant.member.refused(422, "POST", f"{place}/transition", {**closed, **sent})
    assert pointers(problem) == [pointer]


@pytest.mark.parametrize("kind", ["person", "location"])
def test_what_a_value_names_is_not_deleted(
    tenant: Tenant, fields: dict[str, Json], kind: str, holder: Session
) -> None:
    path = MAKERS[MADE[kind]].path
    named, key = id_of_new(MADE[kind], tenant.admin), fields[kind]["key"]
    issue = with_value(tenant.member, fields[kind], named)
    problem = tenant.admin.refused(409, "DELETE", f"{path}/{named}")
    assert problem["conflicts"] == [{"resource": "issues", "count": 1}]
    tenant.member.patch(f"/issues/{issue['id']}", {"fields": {key: None}})
    gone = f"DELETE FROM {path.strip('/')} WHERE id = :id"
    sent = {"fields": {key: named}}
    answer = while_locked_by(
        holder,
        gone,
        lambda: tenant.member.send("PATCH", f"/issues/{issue['id']}", json=sent),
        id=named,
    )
    assert answer.status_code == 422


def test_a_value_of_a_field_that_is_just_removed_is_refused(
    tenant: Tenant, holder: Session
) -> None:
    field = new_field(tenant.admin)
    issue = new_issue(tenant.member)
    sent = {"fields": {field["key"]: "a"}}
    answer = while_locked_by(
        holder,
        "DELETE FROM issue_fields WHERE id = :id",
        lambda: tenant.member.send("PATCH", f"/issues/{issue['id']}", json=sent),
        id=field["id"],
    )
    assert answer.status_code == 422
    assert tenant.member.get(f"/issues/{issue['id']}") == issue


def test_a_form_asks_for_the_tenants_own_field_of_a_shared_key(tenant: Tenant, root: Api) -> None:
    shared = new_field(root, "text")
    screen = new_screen(tenant.admin, shared)
    own = new_field(tenant.admin, "choice", key=shared["key"], name=shared["name"])
    workflow = new_workflow(tenant.admin, screen_id=screen["id"])
    issue = workflow.open(tenant.member)
    (form,) = steps(tenant.member, issue)["Go"]["fields"]
    assert (form["key"], form["type"], form["choices"]) == (own["key"], "choice", own["choices"])
    taken = take(tenant.member, issue, "Go", fields={own["key"]: "Low"})
    assert taken["fields"] == {own["key"]: "Low"}
