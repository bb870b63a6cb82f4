"""The route class: one transaction a request, committed before its answer is sent."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response
from starlette.routing import request_response

from nexus import pg
from nexus.db.engine import is_repeatable, problem_of
from nexus.http import bodies, openapi, solving
from nexus.http.idempotency import Replayed
from nexus.http.solving import Handler
from nexus.http.unit_of_work import Work
from nexus.problems import Problem

READS = ("GET", "HEAD")
DATABASE_ERRORS = (DBAPIError, pg.Error)  # through SQLAlchemy, and from statements kept compiled


class UnitOfWorkRoute(openapi.DocumentedRoute):
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if self.is_plain:  # nothing of it waits for the stacks that FastAPI opens around it
            self.app = request_response(self.get_route_handler())

    @property
    def _form(self) -> list[str] | None:
        """The members of the form that the route reads, if it reads one."""
        if self.body_field is None or not isinstance(self.body_field.field_info, Form):
            return None
        model: Any = self.body_field.field_info.annotation
        return list(model.model_fields)

    @property
    def is_plain(self) -> bool:
        """Whether it takes the short way to its arguments."""
        return solving.is_plain(self.dependant)

    def get_route_handler(self) -> Handler:
        form = self._form
        answer = (
            solving.handler(self.dependant, embed=self._embed_body_fields)
            if self.is_plain
            else super().get_route_handler()
        )

        async def handle(request: Request) -> Response:
            request.scope["nexus.route"] = self.path
            checked, work = await _read(request, form)
            try:
                return await _attempt(answer, checked, work)
            except DATABASE_ERRORS as failure:
                if not is_repeatable(failure):
                    raise problem_of(failure) or failure from failure
            # It may have died while idle: nothing was kept, so once more on a new one.
            work.connection = work.claim = None
            try:
                return await _attempt(answer, checked, work)
            except DATABASE_ERRORS as failure:
                raise problem_of(failure) or failure from failure

        return handle


async def _read(request: Request, form: list[str] | None) -> tuple[Request, Work]:
    checked = bodies.CheckedRequest(request.scope, request.receive)
    work = Work(request.scope["nexus.request_id"], await bodies.read_body(checked))
    checked.scope["nexus.work"] = work
    if work.body:
        try:
            bodies.check_media_type(checked, is_form=form is not None)
            checked.parsed = (
                bodies.read_json(work.body) if form is None else bodies.read_form(work.body, form)
            )
        except Problem as problem:
            work.unreadable = problem
    return checked, work


async def _attempt(answer: Handler, request: Request, work: Work) -> Response:
    try:
        response = await answer(request)
        work.finish(is_read=request.method in READS, response=response)
    except Replayed as replay:
        return replay.response
    except (Problem, RequestValidationError):
        if work.scope:
            work.scope.require_authenticated()  # who may not call is told that first
        raise
    else:
        return response
    finally:
        request.scope["nexus.tenant_id"] = work.tenant_id
        work.close()


def resource_router() -> APIRouter:
    """A router whose routes are units of work."""
    return APIRouter(route_class=UnitOfWorkRoute)
