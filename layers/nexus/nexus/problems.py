"""Situations that end a request, each a class with its status; one handler renders them all."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

MEDIA_TYPE = "application/problem+json"


# What the violation of a database constraint is.
BY_CONSTRAINT: dict[str, type["Problem"]] = {}


class Problem(Exception):
    """RFC 9457. `type` is made from the class's name, `title` is the docstring's first paragraph.

    `constraints` names database constraints whose violation is this situation.
    """

    status: ClassVar[int] = 500
    constraints: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for constraint in cls.__dict__.get("constraints", ()):
            if constraint in BY_CONSTRAINT:
                raise TypeError(f"{constraint} is {BY_CONSTRAINT[constraint].__name__} already")
            BY_CONSTRAINT[constraint] = cls

    def __init__(
        self, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = headers or {}
        self.members = members

    @classmethod
    def type(cls) -> str:
        return "/problems/" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        paragraph = (cls.__doc__ or cls.__name__).partition("\n\n")[0]
        return " ".join(paragraph.split()).rstrip(".")

    def document(self, instance: str) -> dict[str, Any]:
        """The answer's body."""
        return {
            "type": self.type(),
            "title": self.title(),
            "status": self.status,
            "detail": self.detail or self.title() + ".",
            "instance": instance,
            **self.members,
        }


def error(field: str, message: str) -> dict[str, str]:
    """A member of `errors`: a JSON pointer (or a parameter's name) and what is wrong."""
    return {"pointer": f"/{field}" if field else "", "message": message}


class MalformedRequest(Problem):
    """The request cannot be read."""

    status = 400


class InvalidParameter(Problem):
    """A parameter is unknown or out of its range."""

    status = 400


class InvalidCursor(InvalidParameter):
    """The cursor is damaged or belongs to another query."""


class AnswerTooLarge(Problem):
    """The answer would be over 6 MB."""

    status = 400

    def __init__(self) -> None:
        super().__init__(
            "Send Accept: application/json and Accept-Encoding: gzip, or ask for less: fewer"
            " members with fields, fewer records with limit, a part of the tree."
        )


class NotAuthenticated(Problem):
    """The request needs a valid bearer token."""

    status = 401

    def __init__(self, detail: str = "Sign in at POST /me/signin and send its token.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class NotAllowed(Problem):
    """The caller may not do this."""

    status = 403


class NotFound(Problem):
    """There is no such record or path."""

    status = 404

    def __init__(self, detail: str = "Nothing is there, or it is out of your reach.") -> None:
        super().__init__(detail)


class MethodNotAllowed(Problem):
    """The path does not offer this method."""

    status = 405


class RequestTimeout(Problem):
    """The request did not come whole in time."""

    status = 408


class Conflict(Problem):
    """The state of things forbids this."""

    status = 409


class AlreadyExists(Conflict):
    """Another record has this value already."""


class TooMany(Conflict):
    """There are as many as there may be."""

    limit: ClassVar[int]
    told: ClassVar[str]  # of what there are {limit}, and what can be done

    def __init__(self) -> None:
        super().__init__(self.told.format(limit=f"{self.limit:,}"), limit=self.limit)

    @classmethod
    def type(cls) -> str:
        """The same whatever there are too many of, and so is the title."""
        return "/problems/too-many"

    @classmethod
    def title(cls) -> str:
        return str(TooMany.__doc__).rstrip(".")


class RecordArchived(Conflict):
    """An archived record cannot be changed."""

    def __init__(self, detail: str = "Restore the record first.") -> None:
        super().__init__(detail)


class ReferenceArchived(Conflict):
    """An archived record cannot be newly referenced."""

    def __init__(self, member: str) -> None:
        super().__init__(
            f"{member} names an archived record: restore it first, or name another.",
            errors=[error(member, "is archived")],
        )


class InUse(Conflict):
    """Other records hold this one."""

    def __init__(self, conflicts: Sequence[Mapping[str, Any]] = (), instead: str = "") -> None:
        """`instead` is what can be done with the record meanwhile: archive, deactivate."""
        held = ", ".join(f"{c['resource']} ({c['count']})" for c in conflicts) or "other records"
        otherwise = f", or {instead} the record instead" if instead else ""
        super().__init__(
            f"Held by {held}. Remove those first{otherwise}.", conflicts=list(conflicts)
        )


class NoTenantSelected(Conflict):
    """No tenant is selected."""

    def __init__(self) -> None:
        super().__init__("Select one with POST /me/current-tenant, or send X-Tenant-Id.")


class RequestInFlight(Conflict):
    """A request with this Idempotency-Key is still being answered."""

    constraints = ("pk_idempotency_keys",)


class Stale(Problem):
    """The record has changed since you read it."""

    status = 412


class BodyTooLarge(Problem):
    """The body is over 1 MiB."""

    status = 413


class UnsupportedMediaType(Problem):
    """The body's media type is not one that is read here."""

    status = 415


class ValidationFailed(Problem):
    """Members of the request are missing, unknown or of the wrong form."""

    status = 422

    def __init__(self, *errors: Mapping[str, str]) -> None:
        told = [f"{e['pointer']}: {e['message']}".removeprefix(": ") for e in errors[:3]]
        super().__init__("; ".join(told), errors=errors)


class HeadersTooLarge(Problem):
    """The request line and the headers are over 64 KiB."""

    status = 431


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key came with another body before."""

    status = 422


class TooManyRequests(Problem):
    """This was done as often as it may be for now."""

    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)})


class TooManyAttempts(TooManyRequests):
    """Too many attempts failed."""


class InternalError(Problem):
    """Something broke on our side."""

    def __init__(self) -> None:
        super().__init__("It is logged under the request id in `instance`.")


class CodingNotImplemented(Problem):
    """The body's transfer coding is not one that is read here."""

    status = 501


class Unavailable(Problem):
    """The service cannot answer now."""

    status = 503

    def __init__(
        self, detail: str = "The database cannot serve this now. Nothing was changed."
    ) -> None:
        super().__init__(detail, headers={"Retry-After": "5"})


class DeadlineExceeded(Unavailable):
    """The request took too long."""

    def __init__(self) -> None:
        super().__init__("It was stopped and nothing was changed. Ask for less, or try again.")


def problem_types(root: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Every problem class that is loaded, without the abstract root."""
    for child in root.__subclasses__():
        yield child
        yield from problem_types(child)
