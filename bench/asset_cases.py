"""What `bench.assets` asks for: the paths, by what they are about."""

from bench.asset_data import MODELS
from bench.known import HOW_OFTEN, Known, border, cursor, deep, ranges

OF_REPAIRS = """
    asset_repairs i JOIN nexus.repaired_issues q ON q.tenant_id = i.tenant_id AND q.id = i.id
"""
CUSTODY = "asset_assignments", "asset_circulations"
TYPE_OF_MODEL = "SELECT asset_type_id FROM asset_models WHERE tenant_id = :tenant AND name = :name"
SHARED_TYPE = """
    SELECT id FROM asset_types WHERE tenant_id = nexus.root_tenant_id() AND name = :name
"""
MOST_REPAIRED = """
    SELECT asset_id FROM asset_repairs WHERE tenant_id = :tenant GROUP BY 1
    ORDER BY count(*) DESC, 1 LIMIT 1
"""


class Assets(Known):
    def named(self, table: str, name: str, member: str = "name") -> str:
        sql = f"SELECT id FROM {table} WHERE tenant_id = :tenant AND {member} = :name LIMIT 1"
        return str(self.one(sql, name=name))

    def status(self, name: str) -> str:
        sql = "SELECT id FROM issue_statuses WHERE tenant_id = nexus.root_tenant_id() AND name = :n"
        return str(self.one(sql, n=name))

    def values(self, member: str, table: str = "assets") -> list[str]:
        return super().values(member, table)


def filters(known: Assets) -> dict[str, str]:
    """Query strings by what they ask for: of each filter what is frequent, between, and rare."""
    asked: dict[str, str] = {}
    for member in (
        "model_id",
        "asset_type_id",
        "manufacturer_id",
        "project_id",
        "person_id",
        "location_id",
        "status",
        "tracking_type",
        "quantity_out",
        "quantity_available",
        "open_repair_count",
        "purchased_on",
        "warranty_until",
    ):
        values = known.values(member)
        for often, value in zip(HOW_OFTEN, values, strict=True):
            asked[f"{member} {often}"] = f"{member}={value}"
            asked[f"{member} not {often}"] = f"{member}__ne={value}"
        asked[f"{member} of two"] = f"{member}={values[0]},{values[2]}"
        asked[f"{member} none"] = f"{member}__isnull=true"
        asked[f"{member} any"] = f"{member}__isnull=false"
    ranged = ("quantity_out", "quantity_available", "open_repair_count")
    for member in ranged:
        for many in (0, 1, 2, 40):
            asked[f"{member} from {many}"] = f"{member}__gte={many}"
            asked[f"{member} below {many}"] = f"{member}__lt={many}"
    for member in ("purchased_on", "warranty_until", "updated_at"):
        asked |= ranges(known, "assets", member)
    asked |= texts(known)
    model, maker, person, project, place = (
        known.values(member)
        for member in ("model_id", "manufacturer_id", "person_id", "project_id", "location_id")
    )
    for name, place_name in (("root", "0"), ("site", "1"), ("building", "21"), ("leaf", "224")):
        id_ = known.named("locations", f"Place {place_name}")
        asked[f"within a {name}"] = f"location_id__within={id_}"
        asked[f"within a {name}, -id"] = f"location_id__within={id_}&sort=-id"
        asked[f"within a {name}, name"] = f"location_id__within={id_}&sort=name"
        asked[f"within a {name}, active"] = f"location_id__within={id_}&status=active"
        asked[f"within a {name}, retired"] = f"location_id__within={id_}&status=retired"
    leaves = [known.named("locations", f"Place {n}") for n in (224, 227)]
    asked["within two leaves"] = f"location_id__within={','.join(leaves)}"
    for name in ("Computer", "Furniture", "Vehicle", "Laptop", "Desk"):
        id_ = known.one(SHARED_TYPE, name=name)
        asked[f"type within {name}"] = f"asset_type_id__within={id_}"
        asked[f"type within {name}, -id"] = f"asset_type_id__within={id_}&sort=-id"
        asked[f"type within {name}, name"] = f"asset_type_id__within={id_}&sort=name"
        asked[f"type within {name}, active"] = f"asset_type_id__within={id_}&status=active"
    leaf = known.one(TYPE_OF_MODEL, name=f"Model {MODELS - 1}")
    asked |= {
        "type within a leaf": f"asset_type_id__within={leaf}",
        "all": "",
        "all, limit=200": "limit=200",
        "expand of three": "expand=model,holder,location",
        "expand of three, limit=200": "expand=model,holder,location&limit=200",
        "archived": "archived=true",
        "archived, model frequent": f"archived=true&model_id={model[0]}",
        "archived, q": "archived=true&q=chelamp",
        "archived or not": "archived=any",
        "status active, -id": "status=active&sort=-id",
        "status active, name": "status=active&sort=name",
        "status retired, name": "status=retired&sort=name",
        "model frequent, available": f"model_id={model[0]}&quantity_available__gte=1",
        "model rare, available": f"model_id={model[2]}&quantity_available__gte=1",
        "model frequent, name": f"model_id={model[0]}&sort=name",
        "model middle, name": f"model_id={model[1]}&sort=name",
        "model frequent, nobody's": f"model_id={model[0]}&person_id__isnull=true",
        "model frequent, lost": f"model_id={model[0]}&status=lost,stolen",
        "maker frequent, -updated_at": f"manufacturer_id={maker[0]}&sort=-updated_at",
        "maker rare, -updated_at": f"manufacturer_id={maker[2]}&sort=-updated_at",
        "maker middle, model frequent": f"manufacturer_id={maker[1]}&model_id={model[0]}",
        "project frequent, model middle": f"project_id={project[0]}&model_id={model[1]}",
        "project rare, name": f"project_id={project[2]}&sort=name",
        "person frequent, name": f"person_id={person[0]}&sort=name",
        "person frequent, model frequent": f"person_id={person[0]}&model_id={model[0]}",
        "person frequent, model rare": f"person_id={person[0]}&model_id={model[2]}",
        "place frequent, model frequent": f"location_id={place[0]}&model_id={model[0]}",
        "place rare, model frequent": f"location_id={place[2]}&model_id={model[0]}",
        "active, in no place": "status=active&location_id__isnull=true",
        "in repair, active": "open_repair_count__gte=1&status=active",
        "in repair, -updated_at": "open_repair_count__gte=1&sort=-updated_at",
        "out, name": "quantity_out__gte=1&sort=name",
    }
    found = {f"assets {name}": f"/assets?{query}" for name, query in asked.items()}
    return found | custody(known) | repairs(known)


def texts(known: Known) -> dict[str, str]:
    """Of what has a text: exactly it, how it begins, what is in it."""
    found: dict[str, str] = {}
    for member in ("name", "asset_tag", "serial_number"):
        filled = f"assets WHERE tenant_id = :tenant AND {member} IS NOT NULL"
        value = str(known.one(f"SELECT {member} FROM {filled} LIMIT 1 OFFSET 1500"))
        parts = {"all": value, "most": value[:-2], "much": value[:-4], "little": value[:3]}
        parts |= {"nothing": "qqxzzy", "a letter": value[0]}
        found |= {
            f"{member} exactly": f"{member}={value}",
            f"{member} exactly, in other case": f"{member}={value.lower()}",
            f"{member} exactly nothing": f"{member}=qqxzzy",
            f"{member} not": f"{member}__ne={value}",
            f"{member} of three": f"{member}={value},qqxzzy,{value}x",
            f"{member} none": f"{member}__isnull=true",
            f"{member} any": f"{member}__isnull=false",
            f"{member} gte": f"{member}__gte={value}",
            f"{member} lt": f"{member}__lt={value}",
            f"{member} gte nothing": f"{member}__gte=zz",
        }
        for name, part in parts.items():
            found[f"{member} startswith {name}"] = f"{member}__startswith={part}"
            found[f"{member} contains {name}"] = f"{member}__contains={part}"
    tag = known.one("SELECT asset_tag FROM assets WHERE tenant_id = :tenant LIMIT 1 OFFSET 500")
    return found | {
        "name frequent": "name__startswith=che",
        "name contains lamp": "name__contains=lamp",
        "q frequent": "q=chelamp",
        "q of one letter": "q=a",
        "q middle": "q=opad",
        "q rare": "q=wrzeszczyn",
        "q of two words": "q=chelamp wrzesz",
        "q of two frequent words": "q=chelamp dorter",
        "q of notes": "q=bought together",
        "q of nothing": "q=qqxzzy",
        "q of a tag": f"q={tag}",
        "q of a serial number": "q=5cga1",
        "q frequent, name": "q=chelamp&sort=name",
        "q middle, -updated_at": "q=opad&sort=-updated_at",
        "q frequent, active": "q=chelamp&status=active",
        "q frequent, lost": "q=chelamp&status=lost",
    }


def custody(known: Assets) -> dict[str, str]:
    asked = of_whom(known) | spans(known) | events(known)
    asset = known.at("assets", 0.5)
    for name in ("assignments", "circulations", "history"):
        asked[f"{name} of an asset"] = f"assets/{asset}/{name}?"
        asked[f"{name} of an asset, limit=200"] = f"assets/{asset}/{name}?limit=200"
    asked["history of an asset, -id"] = f"assets/{asset}/history?sort=-id"
    return {name: f"/{query}" for name, query in asked.items()}


def of_whom(known: Assets) -> dict[str, str]:
    """Of spans and events alike."""
    asked: dict[str, str] = {}
    for table in CUSTODY:
        path = table.replace("_", "-")
        asked[f"{path} all"] = f"{path}?"
        for member in ("asset_id", "person_id", "location_id"):
            values = known.values(member, table)
            for often, value in zip(HOW_OFTEN, values, strict=True):
                asked[f"{path} {member} {often}"] = f"{path}?{member}={value}"
                asked[f"{path} {member} {often}, -id"] = f"{path}?{member}={value}&sort=-id"
            asked[f"{path} {member} of two"] = f"{path}?{member}={values[0]},{values[2]}"
            asked[f"{path} {member} none"] = f"{path}?{member}__isnull=true"
            asked[f"{path} {member} any"] = f"{path}?{member}__isnull=false"
            expanded = f"{path}?{member}={values[0]}&expand=asset,person,location"
            asked[f"{path} {member} frequent, expand"] = expanded
    return asked


def spans(known: Assets) -> dict[str, str]:
    asked: dict[str, str] = {}
    for member in ("due_on", "start_date", "end_date", "closed_at", "updated_at"):
        asked |= ranges(known, "asset_assignments", member)
        asked[f"{member} none"] = f"{member}__isnull=true"
        asked[f"{member} any"] = f"{member}__isnull=false"
    holders = {
        f"{member} {often}": f"{member}={value}"
        for member in ("person_id", "location_id")
        for often, value in zip(HOW_OFTEN, known.values(member, "asset_assignments"), strict=True)
    }
    for choice in ("is_open=true", "is_open=false", "is_overdue=true", "is_overdue=false"):
        asked[choice] = choice
        for sort in ("-id", "due_on", "-due_on", "start_date", "-updated_at"):
            asked[f"{choice}, {sort}"] = f"{choice}&sort={sort}"
        for name, holder in holders.items():
            asked[f"{choice}, {name}"] = f"{choice}&{holder}"
            asked[f"{choice}, {name}, due_on"] = f"{choice}&{holder}&sort=due_on"
    return {f"asset-assignments {n}": f"asset-assignments?{query}" for n, query in asked.items()}


def events(known: Assets) -> dict[str, str]:
    asked = {"corrections": "corrects_id__isnull=false"}
    for member in ("occurred_at", "updated_at"):
        asked |= ranges(known, "asset_circulations", member)
    for kind in ("issue", "return", "move", "receive", "confirm"):
        asked[kind] = f"circulation_type={kind}"
        asked[f"not {kind}"] = f"circulation_type__ne={kind}"
        asked[f"{kind}, -occurred_at"] = f"circulation_type={kind}&sort=-occurred_at"
    asked["of two types"] = "circulation_type=return,move"
    return {f"asset-circulations {n}": f"asset-circulations?{query}" for n, query in asked.items()}


def repairs(known: Assets) -> dict[str, str]:
    asset = known.one(MOST_REPAIRED)
    statuses = {name: known.status(name) for name in ("Open", "In progress", "Waiting", "Closed")}
    asked = {
        "all": "",
        "of an asset": f"asset_id={asset}",
        "of an asset, -reported_at": f"asset_id={asset}&sort=-reported_at",
        "of an asset, title": f"asset_id={asset}&sort=title",
        "expand": "expand=asset,issue,status,priority,location",
        "q frequent": "q=chelamp",
        "q rare": "q=vikey",
        "q of nothing": "q=qqxzzy",
        "title contains": "title__contains=lamp",
        "title startswith": "title__startswith=che",
        "title startswith nothing": "title__startswith=qqx",
        "unresolved": "resolved_at__isnull=true",
        "unresolved, -reported_at": "resolved_at__isnull=true&sort=-reported_at",
        "resolved": "resolved_at__isnull=false",
        "archived": "archived=true",
        "archived or not": "archived=any",
        "priority": f"priority_id={known.one('SELECT priority_id FROM issues LIMIT 1')}",
        "status of two": f"status_id={statuses['Open']},{statuses['Waiting']}",
        "status not Closed": f"status_id__ne={statuses['Closed']}",
    }
    for name, id_ in statuses.items():
        for sort in ("id", "-id", "title", "-reported_at", "-resolved_at"):
            asked[f"status {name}, {sort}"] = f"status_id={id_}&sort={sort}"
    for member, column in (("reported_at", "created_at"), ("resolved_at", "closed_at")):
        for part in (0.01, 0.5, 0.99):
            at = known.quantile("issues", column, part)
            asked[f"{member} up to {part:.0%}"] = f"{member}__lte={at}"
            asked[f"{member} from {part:.0%}"] = f"{member}__gte={at}"
            asked[f"{member} from {part:.0%}, -{member}"] = f"{member}__gte={at}&sort=-{member}"
    for often, value in zip(HOW_OFTEN, known.values("location_id", "asset_repairs"), strict=True):
        asked[f"location {often}"] = f"location_id={value}"
    return {f"repairs {name}": f"/asset-repairs?{query}" for name, query in asked.items()}


def sorts(known: Assets) -> dict[str, str]:
    """Each sort in both directions: the first page, one in the middle, the last, and where the
    values end."""
    from assets.assets.service import Assets as AssetService
    from assets.custody.assignments import Assignments
    from assets.custody.circulations import Circulations
    from assets.repairs import Repairs

    found = {}
    for path, records, rows, kept in (
        ("/assets", AssetService, "assets i", "i.archived_at IS NULL"),
        ("/asset-assignments", Assignments, "asset_assignments i", "true"),
        ("/asset-circulations", Circulations, "asset_circulations i", "true"),
        ("/asset-repairs", Repairs, OF_REPAIRS, "q.archived_at IS NULL"),
    ):
        for name, field in records.fields().items():
            if field.key is None or (name != "id" and field.key.name == "id"):  # as the id is
                continue
            column = f"{'q' if name in ('title', 'resolved_at') else 'i'}.{field.key.name}"
            source = f"{rows} WHERE i.tenant_id = :tenant AND {kept}"
            for sort in (name, f"-{name}"):
                is_down = sort != name
                asked = f"sort={sort}"
                found[f"sort {path} {sort}"] = f"{path}?{asked}"
                ends = border(known, source, column, is_down=is_down, nulls_come_last=not is_down)
                for place, keys in ends.items():
                    begun = cursor(asked, keys, f"{records.__qualname__} {known.tenant} ")
                    found[f"sort {path} {sort}, {place}"] = f"{path}?{asked}&cursor={begun}"
    for member in ("updated_at", "purchased_on", "warranty_until"):
        found |= deep(known, "/assets", "assets", member, "Assets")
    return found
