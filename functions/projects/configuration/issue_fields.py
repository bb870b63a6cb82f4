"""Fields: what issues hold besides what all of them have."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from nexus.http.routes import crud_router
from nexus.problems import TooMany, ValidationFailed, error
from nexus.records.crud import CatalogService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Name, TenantRead, unset
from projects.configuration.keys import IssueKey, with_key
from projects.tables import issue_fields

FieldType = Literal[
    "text", "number", "boolean", "date", "datetime", "choice", "multi_choice", "user", "person",
    "asset", "location", "url",
]  # fmt: skip
OF_CHOICES = ("choice", "multi_choice")


def _distinct(choices: list[str]) -> list[str]:
    if len(set(choices)) < len(choices):
        raise ValueError("names a choice twice")
    return choices


Choices = Annotated[
    list[Name],
    Field(min_length=1, max_length=200, examples=[["Low", "High"]]),
    AfterValidator(_distinct),
]


class IssueFieldRead(TenantRead):
    key: str = Field(description="What issues name it by; filters and sorts by `cf_<key>`")
    name: str
    type: FieldType
    choices: list[str] | None
    is_required: bool = Field(description="It has to come, wherever a screen shows it")


class IssueFieldCreate(Body):
    name: Name
    key: IssueKey | None = None
    type: FieldType
    choices: Choices | None = None
    is_required: bool = False

    @model_validator(mode="after")
    def choices_where_there_are_some(self) -> Self:
        if (self.type in OF_CHOICES) != (self.choices is not None):
            raise ValueError("choices are what a field of type choice or multi_choice needs")
        return self


class IssueFieldUpdate(Body):
    """A choice that is taken off the list stays where it is used, and is not set anew."""

    name: Name = unset()
    choices: Choices | None = unset()
    is_required: bool = unset()


class TooManyFields(TooMany):
    constraints = ("ck_issue_fields_per_tenant",)
    limit = 500
    told = "A tenant has up to {limit} fields of its own: remove one that is not needed."


class IssueFields(CatalogService):
    """Key and type stay: values are stored under them."""

    table = issue_fields
    read = IssueFieldRead
    path = "/issue-fields/{issue_field_id}"

    def create(self, values: Record) -> Record:
        return super().create(with_key(values))

    def write(self, record: Record, values: Record) -> Record:
        if "choices" in values and record["type"] not in OF_CHOICES:
            raise ValidationFailed(error("choices", f"a field of type {record['type']} has none"))
        if "choices" in values and values["choices"] is None:
            raise ValidationFailed(error("choices", f"a field of type {record['type']} needs some"))
        return super().write(record, values)


router = crud_router(IssueFields, IssueFieldCreate, IssueFieldUpdate)
