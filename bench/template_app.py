"""What the FastAPI guides lead to, for comparison: `def` routes, an ORM session, a response model.

It checks what Nexus checks: token, session, user, tenant, rights. It connects as an owner, for who
has no policies needs no context in the database.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query, Request
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import FetchedValue, create_engine, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from ulid import ULID

from nexus.access.tokens import Token

SESSION = text(
    "SELECT s.user_id, s.tenant_id FROM sessions s JOIN users u ON u.id = s.user_id"
    " WHERE s.id = :id AND s.token_hash = :digest AND s.expires_at > now()"
    " AND u.deactivated_at IS NULL"
)
RIGHTS = text(
    "SELECT is_administrator, set_config('nexus.user_id', :user, true)"
    " FROM nexus.reach(:user) WHERE tenant_id = :tenant"
)
SEARCH = text(
    "nexus.search_grams(tenant_id, search) @> nexus.query_grams(nexus.tenant_id(),"
    " nexus.fold_search(:q)) AND strpos(search, nexus.fold_search(:q)) <> 0"
)
bearer = OAuth2PasswordBearer(tokenUrl="signin")
router = APIRouter()


class Base(DeclarativeBase):
    pass


class Group(Base):
    __tablename__ = "groups"

    id: Mapped[str] = mapped_column(primary_key=True, default=lambda: str(ULID()))
    tenant_id: Mapped[str]
    name: Mapped[str]
    description: Mapped[str | None]
    project_id: Mapped[str | None]
    kind: Mapped[str] = mapped_column(server_default=FetchedValue())
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    updated_at: Mapped[datetime] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    version: Mapped[int] = mapped_column(
        server_default=FetchedValue(), server_onupdate=FetchedValue()
    )
    __mapper_args__ = {"eager_defaults": True}


class GroupOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    tenant_id: str
    name: str
    description: str | None
    project_id: str | None
    kind: str
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class GroupPage(BaseModel):
    items: list[GroupOut]
    next: str | None


class GroupIn(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    description: str | None = None


class GroupPatch(BaseModel):
    name: str | None = Field(default=None, min_length=1, max_length=200)
    description: str | None = None


class Caller(NamedTuple):
    session: Session
    tenant_id: str
    is_administrator: bool

    def require_administrator(self) -> None:
        if not self.is_administrator:
            raise HTTPException(403)


def session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine, expire_on_commit=False) as opened:
        yield opened


def caller(
    opened: Annotated[Session, Depends(session)],
    token: Annotated[str, Depends(bearer)],
    x_tenant_id: Annotated[str | None, Header()] = None,
) -> Caller:
    parsed = Token.parse(token)
    if parsed is None:
        raise HTTPException(401)
    asked = {"id": parsed.id, "digest": parsed.digest()}
    found = opened.execute(SESSION, asked).one_or_none()
    if found is None:
        raise HTTPException(401)
    tenant_id = x_tenant_id or found.tenant_id
    reach = {"user": found.user_id, "tenant": tenant_id}
    rights = opened.execute(RIGHTS, reach).one_or_none()
    if rights is None:
        raise HTTPException(404)
    return Caller(opened, tenant_id, rights.is_administrator)


SignedIn = Annotated[Caller, Depends(caller)]


@router.get("/groups", response_model=GroupPage)
def list_groups(
    caller: SignedIn, limit: Annotated[int, Query(ge=1, le=200)] = 50, q: str | None = None
) -> Any:
    wanted = select(Group).where(Group.tenant_id == caller.tenant_id, Group.archived_at.is_(None))
    if q:
        wanted = wanted.where(SEARCH.bindparams(q=q))
    found = caller.session.scalars(wanted.order_by(Group.id).limit(limit + 1)).all()
    following = found[limit - 1].id if len(found) > limit else None
    return {"items": found[:limit], "next": following}


@router.get("/groups/{group_id}", response_model=GroupOut)
def get_group(caller: SignedIn, group_id: str) -> Any:
    return find(caller, group_id)


@router.post("/groups", response_model=GroupOut, status_code=201)
def create_group(caller: SignedIn, body: GroupIn) -> Any:
    caller.require_administrator()
    group = Group(tenant_id=caller.tenant_id, **body.model_dump())
    caller.session.add(group)
    caller.session.commit()
    return group


@router.patch("/groups/{group_id}", response_model=GroupOut)
def update_group(caller: SignedIn, group_id: str, body: GroupPatch) -> Any:
    caller.require_administrator()
    group = find(caller, group_id, lock=True)
    if group.archived_at:
        raise HTTPException(409)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(group, name, value)
    caller.session.commit()
    return group


def find(caller: Caller, group_id: str, *, lock: bool = False) -> Group:
    wanted = select(Group).where(Group.id == group_id, Group.tenant_id == caller.tenant_id)
    group = caller.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if group is None:
        raise HTTPException(404)
    return group


def create_app(url: str, driver: str) -> FastAPI:
    """With `driver` "pg8000" or "psycopg"; the tenant comes in X-Tenant-Id or from the session."""
    app = FastAPI()
    app.state.engine = create_engine(make_url(url).set(drivername=f"postgresql+{driver}"))
    app.include_router(router)
    return app
