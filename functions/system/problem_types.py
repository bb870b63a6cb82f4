"""What an answer's `type` means: each is an address here, for people and for programs."""

import json
import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, Response

from nexus.http import openapi, responses
from nexus.http.auth import Nobody
from nexus.http.routing import resource_router
from nexus.problems import NotFound

PATH = "/problems/{slug}"
SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "What stands behind `/problems/` in a type.",
    "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"},
    "example": "stale",
}
QUALITY = re.compile(r"\bq=([01](?:\.\d{1,3})?)")
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "frame-ancestors 'none'"
)
PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: auto; padding: 1rem }}
</style>
<p><code>{type}</code>, status {status}</p>
<h1>{title}</h1>
<p>{meaning}</p>
<h2>What to do</h2>
<p>{advice}</p>
<p><a href="../docs#problems">All types of problems</a></p>
"""


class ProblemExplanation(BaseModel):
    type: str
    title: str
    status: int
    meaning: str
    advice: str


router = resource_router()


@router.get(
    PATH,
    responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}},
    dependencies=[Nobody],
    **openapi.operation(PATH, "meta.problem_type", ProblemExplanation, parameters=[SLUG]),
)
async def get_problem_type(request: Request) -> Response:
    found = _types().get(request.path_params["slug"])
    if found is None:
        raise NotFound("There is no such type of problem: GET /openapi.json lists them all.")
    if _prefers_html(request.headers.get("accept", "")):
        shown = {name: escape(str(value)) for name, value in found.items()}
        response: Response = HTMLResponse(PAGE.format_map(shown))
        response.headers["Content-Security-Policy"] = POLICY
    else:
        response = responses.value(found)
    response.headers["Vary"] = "Accept"
    return response


@lru_cache
def _types() -> dict[str, dict[str, Any]]:
    """By slug. Those of all modules, which this function does not load."""
    found: dict[str, dict[str, Any]] = json.loads(
        Path(__file__).with_name("problem_types.json").read_text()
    )
    return found


def _prefers_html(accept: str) -> bool:
    """Browsers name it; who takes anything gets JSON."""
    wishes = [wish.partition(";") for wish in accept.lower().split(",")]
    wanted = {kind.strip(): _quality(options) for kind, _, options in wishes}
    otherwise = wanted.get("*/*", 0.0)
    html = wanted.get("text/html", wanted.get("text/*", otherwise))
    return html > wanted.get("application/json", wanted.get("application/*", otherwise))


def _quality(options: str) -> float:
    given = QUALITY.search(options)
    return float(given[1]) if given else 1.0
