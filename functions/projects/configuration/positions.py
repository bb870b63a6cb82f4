"""Where a part stands among its siblings: anywhere that is asked for, else behind the last."""

from typing import Annotated

from pydantic import Field

from nexus.records.parts import CatalogPartService
from nexus.records.positions import next_position
from nexus.records.reading import Record

Position = Annotated[int, Field(ge=0, le=10_000, examples=[0])]


class PositionedParts(CatalogPartService):
    def insert(self, values: Record) -> Record:
        if values["position"] is None:
            behind = next_position(self.table, self.whole_id, "position")
            values = {**values, "position": behind}
        return super().insert(values)
