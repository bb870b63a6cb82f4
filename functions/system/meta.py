"""What the API says of itself: health, its OpenAPI document, a page to browse it.

Monitors ask with HEAD too, so these paths offer it.
"""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from pydantic import BaseModel
from sqlalchemy import text
from starlette.responses import HTMLResponse, Response

from nexus.db.revision import HEAD, number
from nexus.http import openapi, responses
from nexus.http.auth import Anyone, Nobody
from nexus.http.compression import MUCH_TEXT
from nexus.http.routing import resource_router
from nexus.problems import Unavailable

HERE = Path(__file__).parent
PAGE = HERE / "docs.html"
SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class Health(BaseModel):
    status: str
    revision: str


router = resource_router()


@router.head("/health", include_in_schema=False)
@router.get("/health", **openapi.operation("/health", "health.get", Health))
async def get_health(scope: Anyone) -> Response:
    found = scope.connection.scalar(text("SELECT version_num FROM alembic_version"))
    if number(found) < number(HEAD):
        raise Unavailable(f"The database is at revision {found}; this release needs {HEAD}.")
    return responses.value({"status": "ok", "revision": found})


@router.head("/openapi.json", dependencies=[Nobody], include_in_schema=False)
@router.get(
    "/openapi.json",
    dependencies=[Nobody],
    **openapi.operation("/openapi.json", "meta.openapi", is_kept=True),
)
async def get_openapi(request: Request) -> Response:
    return _kept(request, *_read(HERE / "openapi.json"), responses.JSON)


@router.head("/docs", dependencies=[Nobody], include_in_schema=False)
@router.get(
    "/docs",
    response_class=HTMLResponse,
    dependencies=[Nobody],
    **openapi.operation("/docs", "meta.docs", is_kept=True),
)
async def get_docs(request: Request) -> Response:
    answer = _kept(request, *_read(PAGE), "text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = _page_policy()
    return answer


@lru_cache
def _read(path: Path) -> tuple[bytes, str]:
    """A file's content and its ETag."""
    content = path.read_bytes()
    return content, f'"{sha256(content).hexdigest()[:32]}"'


def _kept(request: Request, content: bytes, tag: str, media_type: str) -> Response:
    """What is the same for everybody until the next release: for caches, and compressed."""
    request.scope[MUCH_TEXT] = True
    # Weak, for it is the same whether compressed or not.
    headers = {"ETag": f"W/{tag}", "Cache-Control": "public, max-age=300"}
    if responses.is_known(request, tag):
        # As compression says it of what it may compress, which this has nothing of.
        return Response(status_code=304, headers=headers | {"Vary": "Accept-Encoding"})
    return Response(content, media_type=media_type, headers=headers)


@lru_cache
def _page_policy() -> str:
    """The page is one file: nothing is loaded from elsewhere, and no script runs but its own."""
    digests = (sha256(script).digest() for script in SCRIPT.findall(PAGE.read_bytes()))
    scripts = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; "
        "font-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
