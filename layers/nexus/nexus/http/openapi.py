"""What routes tell the OpenAPI document, which is made when the project is built
(`infra/document`): no function looks at it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel

from nexus.records.reading import Records


@dataclass(frozen=True)
class Told:
    """What a route's signature does not say: whether it answers a record like `read`, a page of
    such, or nothing, and of which resource it reads or changes one. `parameters` are its own, as
    documents have them, or the name of one that lists have too. What `is_kept` is the same for
    everybody, has an ETag and is for caches."""

    read: type[BaseModel] | None = None
    resource: type[Records] | None = None
    is_page: bool = False
    parameters: Sequence[Mapping[str, Any] | str] = ()
    is_kept: bool = False


def parameter(path: str) -> str:
    """`group_id` of `/groups/{group_id}`."""
    return path.rpartition("{")[2].rstrip("}")


def operation(
    path: str,
    verb: str,
    read: type[BaseModel] | None = None,
    resource: type[Records] | None = None,
    *,
    is_page: bool = False,
    parameters: Sequence[Mapping[str, Any] | str] = (),
    is_kept: bool = False,
) -> dict[str, Any]:
    """Options of a route. `verb` is one of the path's first noun, or a whole `noun.verb`. With
    `resource` it reads or changes a single record, which may have an ETag."""
    noun = path.strip("/").split("/")[0]
    operation_id = verb if "." in verb else f"{noun}.{verb}"
    return {
        "operation_id": operation_id.replace("-", "_"),
        "openapi_extra": {"told": Told(read, resource, is_page, parameters, is_kept)},
    }


def listed(path: str, resource: type[Records], verb: str = "list") -> dict[str, Any]:
    """Options of a route that lists."""
    return operation(path, verb, resource.read, resource, is_page=True)


class DocumentedRoute(APIRoute):
    """Validates nothing on its way out, so that FastAPI need not look at what is answered."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.told: Told = (options.pop("openapi_extra", None) or {}).get("told", Told())
        super().__init__(path, endpoint, **(options | {"response_model": None}))
