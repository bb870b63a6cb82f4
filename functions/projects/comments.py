"""Comments: what people say about an issue."""

from datetime import datetime

from nexus.http.routes import add_create, add_delete, add_list, add_update
from nexus.http.routing import resource_router
from nexus.problems import NotAllowed
from nexus.records.crud import CALLER, NOW
from nexus.records.parts import PartService
from nexus.records.reading import Record
from nexus.records.resources import Parent
from nexus.records.schemas import Body, TenantRead, unset
from projects.issues.schemas import Comment
from projects.reads import ISSUE
from projects.tables import comments, issues
from system.reads import USER

PATH = "/issues/{issue_id}/comments"


class CommentRead(TenantRead):
    issue_id: str
    author_id: str
    body: str
    edited_at: datetime | None


class CommentCreate(Body):
    body: Comment


class CommentUpdate(Body):
    body: Comment = unset()


class Comments(PartService):
    """Edited by their author, removed by an administrator too."""

    table = comments
    read = CommentRead
    path = "/issues/{issue_id}/comments/{comment_id}"
    location = "/issues/{issue_id}/comments?id={comment_id}"
    references = {"issue_id": ISSUE, "author_id": USER}
    parents = {"issue_id": Parent(ISSUE, ("issue_id",))}
    whole, whole_id = issues, "issue_id"

    def authorize_write(self) -> None:
        """Members write issues."""

    def insert(self, values: Record) -> Record:
        return super().insert({"author_id": CALLER, **values})

    def refuse_change(self, record: Record) -> None:
        if record["author_id"] != self.scope.user_id:
            raise NotAllowed("A comment is edited by its author.")
        super().refuse_change(record)

    def write(self, record: Record, values: Record) -> Record:
        return super().write(record, {**values, "edited_at": NOW})

    def remove(self, record: Record) -> None:
        self.scope.require_self(
            record["author_id"], "A comment is removed by its author, or by an administrator."
        )
        super().remove(record)


router = resource_router()
add_list(router, Comments, PATH, "comments.list")
add_create(router, Comments, PATH, CommentCreate, "comments.create")
add_update(router, Comments, CommentUpdate, verb="comments.update")
add_delete(router, Comments, verb="comments.delete")
