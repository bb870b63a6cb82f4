"""Manufacturers: who makes it, and where help is."""

from typing import Annotated

from pydantic import Field, StringConstraints

from assets.tables import manufacturers
from nexus.emails import Email, normal_name
from nexus.http.routes import crud_router
from nexus.phones import is_local_number, normal_phone, sought_phone
from nexus.problems import ValidationFailed, error
from nexus.records.crud import CatalogService
from nexus.records.fields import NormalForm
from nexus.records.reading import Record
from nexus.records.schemas import Body, Name, TenantRead, unset
from nexus.urls import WebAddress
from system.reads import region

Phone = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=50),
    Field(
        description="With its country code or of the tenant's region, which is stored as E.164",
        examples=["+1 202 555 0143"],
    ),
]


class ManufacturerRead(TenantRead):
    name: str
    website: str | None
    support_url: str | None
    support_phone: Annotated[str | None, NormalForm(sought_phone)]
    support_email: Annotated[str | None, NormalForm(normal_name)]


class ManufacturerCreate(Body):
    name: Name
    website: WebAddress | None = None
    support_url: WebAddress | None = None
    support_phone: Phone | None = None
    support_email: Email | None = None


class ManufacturerUpdate(Body):
    name: Name = unset()
    website: WebAddress | None = unset()
    support_url: WebAddress | None = unset()
    support_phone: Phone | None = unset()
    support_email: Email | None = unset()


class Manufacturers(CatalogService):
    table = manufacturers
    read = ManufacturerRead
    path = "/manufacturers/{manufacturer_id}"

    def insert(self, values: Record) -> Record:
        return super().insert(self._with_normal_phone(values))

    def write(self, record: Record, values: Record) -> Record:
        return super().write(record, self._with_normal_phone(values))

    def _with_normal_phone(self, values: Record) -> Record:
        """The tenant's region is asked for where the number does not say its country. Raises
        ValidationFailed."""
        phone = values.get("support_phone")
        if phone is None:
            return values
        where = region(self.scope) if is_local_number(phone) else None
        try:
            return {**values, "support_phone": normal_phone(phone, where)}
        except ValueError as failure:
            raise ValidationFailed(error("support_phone", str(failure))) from None


router = crud_router(Manufacturers, ManufacturerCreate, ManufacturerUpdate)
