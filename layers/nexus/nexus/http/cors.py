"""CORS for the origins of the settings."""

from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from nexus.settings import settings

EXPOSED = ["ETag", "Link", "Location", "X-Request-Id", "Retry-After", "Idempotent-Replayed"]


class Cors:
    """CORS for the origins of the settings, which are read with the first request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cors: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.cors is None:
            origins = settings().cors_origins
            options: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"]}
            self.cors = (
                CORSMiddleware(self.app, origins, expose_headers=EXPOSED, **options)
                if origins
                else self.app
            )
        await self.cors(scope, receive, send)
