"""Rules of attachments: a row here, the bytes in the store, and when each learns of the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB

from nexus import telemetry
from nexus.access.scope import Rows
from nexus.aws import storage
from nexus.db.statements import Sql
from nexus.records.crud import CALLER
from nexus.records.parts import PartService
from nexus.records.query import NO_PARAMS, Page, Params
from nexus.records.reading import Record
from nexus.records.resources import Parent
from projects.attachments.schemas import AttachmentRead
from projects.reads import ISSUE
from projects.tables import attachments, issues
from system.reads import USER

DUE = (
    "FROM attachments WHERE tenant_id = nexus.tenant_id() AND issue_id = $1 AND uploaded_at IS NULL"
    " AND (checked_at IS NULL OR checked_at < now() - interval '1 minute')"
)
# Whether the store has to be asked, and this request is the one that does: others at once do
# without. It locks no row, for the answer may be seconds away.
ASKS = Sql(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('attachments:' || $1::text, 0))"
    f" WHERE EXISTS (SELECT {DUE})",
    ("issue_id",),
)
# An object of another size is none that a form of ours let in. What somebody else holds is theirs
# to write.
NOTED = Sql(
    f"WITH due AS MATERIALIZED (SELECT id, size {DUE} FOR UPDATE SKIP LOCKED)"  # noqa: S608
    " UPDATE attachments SET checked_at = now(), uploaded_at = stored_at"
    " FROM due LEFT JOIN unnest($2::text[], $3::bigint[], $4::timestamptz[])"
    " AS found (id, size, stored_at) USING (id, size) WHERE attachments.id = due.id",
    ("issue_id", "ids", "sizes", "times"),
)


class Attachments(PartService):
    """Members add them and remove them. Keys are made of ids, so that a name is only a label.

    An object goes after the row that named it: by itself, once that is committed, where its
    attachment is deleted. What a sweep has to remove later is what a cascade leaves behind (of an
    issue, a tenant), what the store was away for, and what a form still lets in afterwards.
    """

    table = attachments
    read = AttachmentRead
    path = "/issues/{issue_id}/attachments/{attachment_id}"
    location = "/issues/{issue_id}/attachments?id={attachment_id}"
    references = {"issue_id": ISSUE, "uploader_id": USER}
    parents = {"issue_id": Parent(ISSUE, ("issue_id",))}
    whole, whole_id = issues, "issue_id"

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        """Of a link what it is made of. JSON, so that nobody filters by either."""
        c = attachments.c
        told = func.jsonb_build_array(
            c.tenant_id, c.issue_id, c.id, c.filename, c.content_type, type_=JSONB
        )
        return {
            "upload": literal_column("NULL::jsonb", JSONB),
            "download_url": case((c.uploaded_at.is_not(None), told)),
        }

    def authorize_write(self) -> None:
        """Members write issues."""

    def list(self, params: Params = NO_PARAMS) -> Page:
        """What was uploaded meanwhile is seen here. The store is asked at most once a minute, also
        where it is away: a list without it is better than none."""
        asks: Rows = []
        self.scope.run_ahead(ASKS, self.within, asks.extend)
        page = super().list(params)
        if asks != [[True]]:
            return page
        self._note_found()
        return super().list(params)

    def insert(self, values: Record) -> Record:
        """A retry with the same Idempotency-Key gets the same form, expired or not."""
        record = super().insert({"uploader_id": CALLER, **values})
        told = (record[name] for name in ("content_type", "size", "sha256"))
        return {**record, "upload": storage.upload_form(_key(record), *told)}

    def remove(self, record: Record) -> None:
        super().remove(record)
        self.scope.after_commit(lambda: storage.remove([_key(record)]))

    def _note_found(self) -> None:
        """What the store has of the issue, by one call for all of it."""
        prefix = f"{self.scope.tenant_id}/{self.within['issue_id']}/"
        found: Mapping[str, storage.Found] = {}
        try:
            found = storage.found(prefix)
        except storage.StorageUnavailable as failure:
            telemetry.left_undone("look into the store", failure, self.scope.request_id)
        told = {
            "ids": [key.removeprefix(prefix) for key in found],
            "sizes": [one.size for one in found.values()],
            "times": [one.stored_at for one in found.values()],
        }
        self.scope.note(NOTED, {**self.within, **told})

    def _items(self, *asked: Any) -> Sequence[Record]:
        items = super()._items(*asked)
        for item in items:
            if told := item.get("download_url"):
                *ids, filename, content_type = told
                item["download_url"] = storage.download_url("/".join(ids), filename, content_type)
        return items


def _key(record: Record) -> str:
    return f"{record['tenant_id']}/{record['issue_id']}/{record['id']}"
