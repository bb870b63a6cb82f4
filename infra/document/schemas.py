"""The schemas of what operations take and answer, from the modules' models."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field, create_model

from infra.document.parameters import ID, Json, is_id
from nexus.http.openapi import DocumentedRoute, Told
from nexus.records.reading import Records
from nexus.records.schemas import ULID_PATTERN, without_default

REF = "#/components/schemas/"
NESTED, VALUES = ("anyOf", "items"), ("examples", "default", "enum", "const")


class Models:
    """The models that a module's routes answer with: what `?expand=` embeds is among a record's
    members, where a resource of such records has references."""

    def __init__(self, app: FastAPI) -> None:
        told = [route.told for route in app.routes if isinstance(route, DocumentedRoute)]
        embedded: dict[type[BaseModel], dict[str, Any]] = {}
        for one in told:
            if one.resource and one.read is one.resource.read:
                embedded.setdefault(one.read, {}).update(_embedded(one.resource))
        self._made = {read: _with(read, members) for read, members in embedded.items()}
        self._pages: dict[str, type[BaseModel]] = {}

    def answer(self, told: Told) -> type[BaseModel] | None:
        """What a route answers with when all members are asked for."""
        if told.read is None:
            return None
        read = self._made.get(told.read, told.read)
        if not told.is_page:
            return read
        members = told.resource.page_members if told.resource else BaseModel
        name = read.__name__.removesuffix("Read") + "Page"
        return self._pages.setdefault(name, _page(name, read, members))


def _embedded(resource: type[Records]) -> dict[str, Any]:
    """Without what a record has of itself, and more of when it is asked for."""
    return {
        name: (
            resource.references[column].record | None,
            Field(
                default=None,
                description=f"With `?expand={name}`",
                json_schema_extra=without_default,
            ),
        )
        for name, column in resource.embeddable().items()
        if name not in resource.read.model_fields
    }


def _with(read: type[BaseModel], members: Mapping[str, Any]) -> type[BaseModel]:
    if not members:
        return read
    return create_model(read.__name__, __base__=read, __doc__=read.__doc__, **members)


def _page(name: str, read: type[BaseModel], members: type[BaseModel]) -> type[BaseModel]:
    return create_model(
        name,
        __base__=members,
        items=(list[read], ...),  # type: ignore[valid-type]
        next=(str | None, Field(description="The cursor of the next page")),
        total=(
            int,
            Field(default=0, description="With `?count=true`", json_schema_extra=without_default),
        ),
    )


def tidied(schemas: Mapping[str, Json]) -> dict[str, Json]:
    """Without what says nothing, and with ids by reference."""
    made = {name: _tidied(schema) | {"title": name} for name, schema in schemas.items()}
    id_ = {"type": "string", "pattern": ULID_PATTERN, "title": "Id",
           "description": "A ULID: ids made later sort later.",
           "examples": ["01JZ8Q4W3M8VJ2T9S6R5K1E7XA"]}  # fmt: skip
    return made | {"Id": id_}


def _tidied(value: Any, name: str = "") -> Any:
    if isinstance(value, list):
        return [_tidied(one, name) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, dict):
        return value
    if value.get("type") == "string" and is_id(name):
        return ID | {key: value[key] for key in ("description",) if key in value}
    if "properties" in value:
        members = {key: _tidied(one, key) for key, one in value["properties"].items()}
        return _tidied({k: v for k, v in value.items() if k != "properties"}) | {
            "properties": members
        }
    # The items of `contact_ids` are ids too.
    of_items = name.removesuffix("s") if name.endswith("_ids") else name
    return {
        key: one if key in VALUES else _tidied(one, of_items if key in NESTED else "")
        for key, one in value.items()
        if key != "title"
    }


def partial(schemas: dict[str, Json], name: str) -> str:
    """The schema of such an answer with `?fields=`: of its record, or of the records of a page,
    all members are optional. Returns its name."""
    of_page = name.removesuffix("Page")
    if of_page == name:
        made = f"{name.removesuffix('Read')}Partial"
        itself = json.dumps({"$ref": REF + name}), json.dumps({"$ref": REF + made})
        schema = json.loads(json.dumps(_optional(schemas[name])).replace(*itself))
        schemas.setdefault(made, {**schema, "title": made})
        return made
    made = f"{of_page}PartialPage"
    page = schemas[name]
    (item,) = references(page["properties"]["items"])
    items = {"type": "array", "items": {"$ref": REF + partial(schemas, item)}}
    members = {**page["properties"], "items": items}
    schemas.setdefault(made, {**page, "properties": members, "title": made})
    return made


def _optional(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key not in ("required", "examples")}


def references(value: Any) -> Iterator[str]:
    """The names of the schemas that something refers to."""
    if isinstance(value, dict):
        if str(value.get("$ref", "")).startswith(REF):
            yield value["$ref"].removeprefix(REF)
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)
