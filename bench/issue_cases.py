"""What `bench.issues` asks for: the paths, by what they are about."""

from bench.issue_data import USERS
from bench.known import Known, border, cursor, deep

SORTS = ("id", "number", "title", "closed_at", "due_at", "updated_at")
COLUMNS = {"title": "title_sort", "cf_dense": "number_value", "cf_day": "date_value"}
CUSTOM = ("cf_dense", "cf_sparse", "cf_three", "cf_day")
OF_TENANT = "FROM issues WHERE tenant_id = :tenant"
FORMER_KEY = f"SELECT previous_keys[1] {OF_TENANT} AND previous_keys <> '{{}}' LIMIT 1 OFFSET 99"
STATUSES = ("Closed", "Open", "In progress", "Waiting", "Under review", "Known error", "Draft")
TYPES = ("Service request", "Outage", "Post-incident analysis")
WITH_VALUES = """
    issues i LEFT JOIN issue_values v ON v.tenant_id = i.tenant_id AND v.issue_id = i.id
        AND v.place = 0 AND v.field_id =
            (SELECT id FROM issue_fields WHERE tenant_id = :tenant AND key = '{key}')
"""


class Issues(Known):
    def user(self, number: int) -> str:
        return str(self.one("SELECT id FROM users WHERE username = :n", n=f"user_0_{number}"))

    def project(self, number: int) -> str:
        sql = "SELECT id FROM projects WHERE tenant_id = :tenant AND key = :key"
        return str(self.one(sql, key=f"PR{number}"))

    def shared(self, table: str, name: str) -> str:
        owners = "(:tenant, nexus.root_tenant_id())"
        sql = f"SELECT id FROM issue_{table} WHERE name = :name AND tenant_id IN {owners}"
        return str(self.one(sql, name=name))


def filters(known: Issues) -> dict[str, str]:
    """Query strings by what they ask for: of each filter what is frequent, between, and rare."""
    statuses = {name: known.shared("statuses", name) for name in STATUSES}
    types = {name: known.shared("types", name) for name in TYPES}
    top, second, rare = (known.user(n) for n in (1, 20, USERS - 3))
    assignee, middle, seldom = (known.user(n) for n in (1001, 1020, 1290))
    boss, watches_one = known.user(USERS), known.user(USERS + 1)
    large, medium, small = (known.project(n) for n in (1, 15, 30))
    hub = known.at("issues", 0.5)
    critical, high = (known.shared("priorities", name) for name in ("Critical", "High"))
    found = {
        "all": "",
        "all, limit=200": "limit=200",
        "expand of five": "expand=status,priority,issue_type,assignee,project",
        **{f"status {name}": f"status_id={id_}" for name, id_ in statuses.items()},
        "status Open, In progress": f"status_id={statuses['Open']},{statuses['In progress']}",
        "status Open, Closed": f"status_id={statuses['Open']},{statuses['Closed']}",
        "status of two rare": f"status_id={statuses['Known error']},{statuses['Under review']}",
        "status all but Closed": f"status_id__ne={statuses['Closed']}",
        "status all but Open": f"status_id__ne={statuses['Open']}",
        "category open": "category=open",
        "category in_progress": "category=in_progress",
        "category done": "category=done",
        "category open, in_progress": "category=open,in_progress",
        "category all but done": "category__ne=done",
        "category all but open": "category__ne=open",
        **{
            f"kind {kind}": f"kind={kind}"
            for kind in ("service_request", "repair", "post_incident_analysis")
        },
        "kind of two": "kind=known_problem,post_incident_analysis",
        "kind all but service_request": "kind__ne=service_request",
        **{f"type {name}": f"issue_type_id={id_}" for name, id_ in types.items()},
        "type of two": f"issue_type_id={types['Outage']},{types['Post-incident analysis']}",
        "project large": f"project_id={large}",
        "project medium": f"project_id={medium}",
        "project small": f"project_id={small}",
        "project of two": f"project_id={medium},{small}",
        "project none": "project_id__isnull=true",
        "project any": "project_id__isnull=false",
        "project not large": f"project_id__ne={large}",
        **{
            f"priority {name}": f"priority_id={known.shared('priorities', name)}"
            for name in ("Critical", "Medium")
        },
        "priority of two": f"priority_id={critical},{high}",
        "reporter frequent": f"reporter_id={top}",
        "reporter middle": f"reporter_id={second}",
        "reporter rare": f"reporter_id={rare}",
        "reporter of two": f"reporter_id={second},{rare}",
        "assignee frequent": f"assignee_id={assignee}",
        "assignee middle": f"assignee_id={middle}",
        "assignee rare": f"assignee_id={seldom}",
        "assignee of two": f"assignee_id={middle},{seldom}",
        "assignee none": "assignee_id__isnull=true",
        "assignee any": "assignee_id__isnull=false",
        "assignee never one": f"assignee_id={top}",
        "watcher of a tenth": f"watcher_id={boss}",
        "watcher middle": f"watcher_id={second}",
        "watcher of one": f"watcher_id={watches_one}",
        "watcher of two": f"watcher_id={boss},{watches_one}",
        "linked to 200": f"linked_issue_id={hub}",
        "linked to none": f"linked_issue_id={known.at('issues', 0.1)}",
        "key": f"key={known.one(f'SELECT key {OF_TENANT} AND key IS NOT NULL LIMIT 1 OFFSET 999')}",
        "key, former": f"key={known.one(FORMER_KEY)}",
        "key, several": "key=PR1-1,PR1-2,PR2-3,PR15-4,NO-1",
        "key, nobody's": "key=NO-1",
        "number": "number=77",
        "number, newest": "number__gte=5000&project_id=" + medium,
        "q frequent": "q=chelamp",
        "q of one letter": "q=a",
        "q middle": "q=opad",
        "q rare": "q=wrzeszczyn",
        "q of two words": "q=chelamp wrzesz",
        "q of two frequent words": "q=chelamp dorter",
        "q of nothing": "q=qqxzzy",
        "q of two letters": "q=zz",
        "q of a number": "q=777",
        "title frequent": "title__startswith=che",
        "title middle": "title__startswith=chelamp dor",
        "title rare": "title__startswith=Chelamp dorlamp elter",
        "title of nothing": "title__startswith=zzz",
        "title contains frequent": "title__contains=lamp",
        "title contains rare": "title__contains=wrzesz",
        "title contains nothing": "title__contains=qqxzzy",
        "title gte": "title__gte=vi",
        "title gte nothing": "title__gte=zz",
        "archived": "archived=true",
        "archived or not": "archived=any",
        "archived, category open": "archived=true&category=open",
    }
    for member in ("created_at", "updated_at", "closed_at", "due_at"):
        for part in (0.0001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.9999):
            at = known.quantile("issues", member, part)
            found[f"{member} up to {part:.2%}"] = f"{member}__lte={at}"
            found[f"{member} from {part:.2%}"] = f"{member}__gte={at}"
        if member in ("closed_at", "due_at"):
            found |= {
                f"{member} none": f"{member}__isnull=true",
                f"{member} any": f"{member}__isnull=false",
            }
        found[f"{member} on a day"] = f"{member}={known.quantile('issues', member, 0.6)[:10]}"
        middle_of = known.quantile("issues", member, 0.6), known.quantile("issues", member, 0.601)
        found[f"{member} between"] = f"{member}__gte={middle_of[0]}&{member}__lt={middle_of[1]}"
    found |= {
        "cf number frequent": "cf_dense=0",
        "cf number rare": "cf_dense=1234.5",
        "cf number of three": "cf_dense=0,1234.5,77",
        "cf number not": "cf_dense__ne=0",
        "cf number half": "cf_dense__gte=4000",
        "cf number few": "cf_dense__gte=9990",
        "cf number a thousandth": "cf_dense__gte=500&cf_dense__lt=510",
        "cf number nothing": "cf_dense__gte=99999",
        "cf number empty (nobody)": "cf_dense__isnull=true",
        "cf number given": "cf_dense__isnull=false",
        "cf text": "cf_sparse=nothing",
        "cf text startswith": "cf_sparse__startswith=che",
        "cf text contains": "cf_sparse__contains=lamp",
        "cf text contains rare": "cf_sparse__contains=vikey",
        "cf text contains nothing": "cf_sparse__contains=qqxzzy",
        "cf text empty": "cf_sparse__isnull=true",
        "cf text given": "cf_sparse__isnull=false",
        "cf text not": "cf_sparse__ne=nothing",
        "cf choice frequent": "cf_three=Low",
        "cf choice middle": "cf_three=Medium",
        "cf choice rare": "cf_three=High",
        "cf choice of two": "cf_three=Medium,High",
        "cf choice not": "cf_three__ne=Low",
        "cf choice empty": "cf_three__isnull=true",
        "cf date": "cf_day=2025-01-31",
        "cf date range": "cf_day__gte=2026-01-01",
        "cf date few": "cf_day__gte=2026-09-26",
        "cf user": f"cf_keeper={known.user(1)}",
        "cf user rare": f"cf_keeper={known.user(290)}",
        "cf two": "cf_three=High&cf_day__gte=2025-01-01",
        "project large, open": f"project_id={large}&category=open",
        "project medium, open": f"project_id={medium}&category=open",
        "project small, open": f"project_id={small}&category=open",
        "project large, open, -updated_at": f"project_id={large}&category=open&sort=-updated_at",
        "project medium, -updated_at": f"project_id={medium}&sort=-updated_at",
        "project medium, updated_at": f"project_id={medium}&sort=updated_at",
        "project medium, -id": f"project_id={medium}&sort=-id",
        "project medium, title": f"project_id={medium}&sort=title",
        "project small, -updated_at": f"project_id={small}&sort=-updated_at",
        "project medium, number": f"project_id={medium}&sort=number",
        "assignee frequent, open": f"assignee_id={assignee}&category=open",
        "assignee middle, open": f"assignee_id={middle}&category=open",
        "assignee rare, open": f"assignee_id={seldom}&category=open",
        "assignee frequent, not done": f"assignee_id={assignee}&category=open,in_progress",
        "assignee middle, not done": f"assignee_id={middle}&category__ne=done",
        "assignee frequent, open, due_at": f"assignee_id={assignee}&category=open&sort=due_at",
        "assignee none, open": "assignee_id__isnull=true&category=open",
        "assignee none, project medium": f"assignee_id__isnull=true&project_id={medium}",
        "watcher of a tenth, open": f"watcher_id={boss}&category=open",
        "watcher middle, open": f"watcher_id={second}&category=open",
        "watcher of a tenth, -updated_at": f"watcher_id={boss}&sort=-updated_at",
        "watcher middle, -updated_at": f"watcher_id={second}&sort=-updated_at",
        "reporter frequent, open": f"reporter_id={top}&category=open",
        "reporter frequent, -id": f"reporter_id={top}&sort=-id",
        "category open, -updated_at": "category=open&sort=-updated_at",
        "category open, due_at": "category=open&sort=due_at",
        "category open, -id": "category=open&sort=-id",
        "category open, priority Critical": f"category=open&priority_id={critical}",
        "kind incident, open": "kind=incident&category=open",
        "kind rare, open": "kind=post_incident_analysis&category=open",
        "q frequent, open": "q=chelamp&category=open",
        "q frequent, project medium": f"q=chelamp&project_id={medium}",
        "q frequent, project small": f"q=chelamp&project_id={small}",
        "q middle, project medium": f"q=opad&project_id={medium}",
        "q rare, project medium": f"q=wrzeszczyn&project_id={medium}",
        "q frequent, -updated_at": "q=chelamp&sort=-updated_at",
        "q middle, -updated_at": "q=opad&sort=-updated_at",
        "cf choice, project medium": f"cf_three=Low&project_id={medium}",
        "cf choice rare, project medium": f"cf_three=High&project_id={medium}",
        "cf choice, open": "cf_three=Medium&category=open",
        "cf choice, sort by number": "cf_three=Medium&sort=cf_dense",
    }
    return {f"filter {name}": f"/issues?{asked}" for name, asked in found.items()}


def sorts(known: Issues) -> dict[str, str]:
    """Each sort in both directions: the first page, one in the middle, the last, and for fields
    where the values end."""
    found = {}
    for name in (*SORTS, *CUSTOM):
        is_custom = name.startswith("cf_")
        column = COLUMNS.get(name, "value_sort" if is_custom else f"i.{name}")
        source = WITH_VALUES.format(key=name.removeprefix("cf_")) if is_custom else "issues i"
        rows = f"{source} WHERE i.tenant_id = :tenant AND i.archived_at IS NULL"
        for sort in (name, f"-{name}"):
            is_down = sort != name
            found[f"sort {sort}"] = f"/issues?sort={sort}"
            ends = border(
                known, rows, column, is_down=is_down, nulls_come_last=is_custom or not is_down
            )
            for place, keys in ends.items():
                asked = f"sort={sort}"
                begun = cursor(asked, keys, context(known, name))
                found[f"sort {sort}, {place}"] = f"/issues?{asked}&cursor={begun}"
    for member in ("updated_at", "closed_at", "due_at"):
        found |= deep(known, "/issues", "issues", member, "Issues")
    return found


def context(known: Issues, name: str) -> str:
    """What a cursor is bound to; of a field, to which one."""
    of_list = f"Issues {known.tenant} "
    if not name.startswith("cf_"):
        return of_list
    sql = "SELECT id FROM issue_fields WHERE tenant_id = :tenant AND key = :key"
    return f"{of_list} {known.one(sql, key=name.removeprefix('cf_'))}"


def others(known: Issues) -> dict[str, str]:
    hub = known.at("issues", 0.5)
    return {
        "history": f"/issues/{hub}/history",
        "history, limit=200": f"/issues/{hub}/history?limit=200",
        "activity": f"/issues/{hub}/activity",
        "activity, limit=200": f"/issues/{hub}/activity?limit=200",
        "transitions": f"/issues/{hub}/transitions?unavailable=true",
        "one with its five": f"/issues/{hub}?expand=status,priority,issue_type,assignee,project",
        "watchers of one": f"/issues/{hub}/watchers",
        "links of one": f"/issues/{hub}/links",
        "issues of a project": f"/projects/{known.project(15)}/issues",
        "count of all": "/issues?count=true&limit=1",
        "count open": "/issues?count=true&limit=1&category=open",
        "count q": "/issues?count=true&limit=1&q=chelamp",
    }
